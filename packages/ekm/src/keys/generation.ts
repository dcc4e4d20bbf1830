import type { ErrorCode } from "../errors/codes.js";

/** One generation of an account key (256 bit). The key itself is never stored: only its wraps and a check value. */
export interface KeyGeneration {
  readonly accountId: string;
  /** 1, 2, 3, ... */
  readonly generation: number;
  /** Key check value of crypto-core, hex: tells whether unwrapped bytes are this key. Reveals nothing of it. */
  readonly checkValue: string;
  readonly createdAt: Date;
  /** Closed generations seal nothing new: after 2^30 data wraps, after 90 days, or because enabling began a new one. */
  readonly closedAt?: Date;
  /** Data-key wraps reserved so far, in blocks (a random IV allows 2^30 under one key). */
  readonly reservedWraps: number;
  /** Enabling left it under the vendor's key, by the admin's word: the code of how no copy of it opened. Its wrap stays, and serves nothing. */
  readonly leftBecause?: ErrorCode;
}

/**
 * CURRENT serves data, at most one of a generation. PENDING was written by an enabling or rotation that has not switched yet and
 * never serves data. SUPERSEDED was current before a switch and is deleted one lease later: it never serves data either.
 */
export type WrapState = "PENDING" | "CURRENT" | "SUPERSEDED";

/** An account key generation, encrypted by a KMS key. */
export interface KeyWrap {
  readonly id: string;
  readonly accountId: string;
  readonly generation: number;
  readonly keyArn: string;
  /** KMS ciphertext blob, up to 6144 bytes. */
  readonly ciphertext: Uint8Array;
  readonly state: WrapState;
  /** The rotation that wrote it; absent for enabling and for first wraps. */
  readonly rotationId?: string;
  readonly createdAt: Date;
}

/** A small secret of no use, wrapped under the customer's key, that health probes decrypt. */
export interface CanaryWrap {
  readonly accountId: string;
  readonly keyArn: string;
  readonly ciphertext: Uint8Array;
  readonly checkValue: string;
}

export type EncryptionContext = Readonly<Record<string, string>>;

/** Bound to the account by `ekm:account`, which the customer's key policy requires. */
export const accountKeyContext = (accountId: string, generation: number): EncryptionContext => ({
  "ekm:account": accountId,
  "ekm:purpose": "account-key",
  "ekm:generation": String(generation),
});

export const probeContext = (accountId: string): EncryptionContext => ({ "ekm:account": accountId, "ekm:purpose": "probe" });

export const MAX_WRAPS_PER_GENERATION = 2 ** 30;
export const WRAP_BLOCK = 2 ** 20;
export const GENERATION_MAX_AGE_MS = 90 * 24 * 3600 * 1000;
