import { createHash } from "node:crypto";
import type { ChainHead } from "./chain.js";

/** What the JWS of an account's checkpoint says: so far its chain had come, with this hash. */
export interface CheckpointClaims {
  readonly iss: "ekm";
  readonly purpose: "audit-checkpoint";
  readonly version: 1;
  readonly accountId: string;
  readonly sequence: number;
  /** Of the entry with that sequence number, hex. */
  readonly hash: string;
  /** ISO 8601 */
  readonly at: string;
  /** RFC 7638 thumbprint of the key that signed. */
  readonly keyId: string;
  /** Digest of the account's checkpoint before this one; null: the first. */
  readonly previous: string | null;
}

/** What the JWS of a round says: these checkpoints were made since the round before. All rounds together know every account. */
export interface RoundClaims {
  readonly iss: "ekm";
  readonly purpose: "audit-round";
  readonly version: 1;
  /** 1, 2, 3, ... without a gap. */
  readonly round: number;
  readonly at: string;
  readonly keyId: string;
  /** Digest of the round before; null: the first. */
  readonly previous: string | null;
  /** Ascending by account; empty where nothing had happened. */
  readonly checkpoints: readonly RoundEntry[];
}

export interface RoundEntry extends ChainHead {
  readonly accountId: string;
  /** Of the checkpoint's JWS. */
  readonly digest: string;
}

/** A signed document as it is kept and exported. */
interface Signed {
  readonly jws: string;
  /** {@link digestOf} it. */
  readonly digest: string;
}

export interface SignedCheckpoint extends Signed, ChainHead {
  readonly accountId: string;
  readonly round: number;
}

export interface SignedRound extends Signed {
  readonly round: number;
  readonly at: Date;
}

/** SHA-256 over the JWS as it stands, hex. */
export const digestOf = (jws: string): string => createHash("sha256").update(jws, "utf8").digest("hex");

/** Object names of the export. Numbers are padded so that names stand in the order of what they name. */
export const CHECKPOINT_PREFIX = "audit-checkpoints/";
const ROUNDS = "rounds";
const padded = (n: number): string => String(n).padStart(12, "0");
export const checkpointName = ({ accountId, sequence }: Pick<SignedCheckpoint, "accountId" | "sequence">): string =>
  `${CHECKPOINT_PREFIX}${accountId}/${padded(sequence)}.jws`;
export const roundName = ({ round }: Pick<SignedRound, "round">): string => `${CHECKPOINT_PREFIX}${ROUNDS}/${padded(round)}.jws`;
/** The name of a document whose own is taken by another: history went two ways, and both are kept. */
export const forkName = (name: string, digest: string): string => name.replace(/\.jws$/, `.${digest.slice(0, 16)}.jws`);

const HEX = /^[0-9a-f]{64}$/;
const isHash = (value: unknown): value is string => typeof value === "string" && HEX.test(value);
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value > 0;
const isLink = (value: unknown): boolean => value === null || isHash(value);
const isTime = (value: unknown): boolean => typeof value === "string" && !Number.isNaN(Date.parse(value));

type Payload = Readonly<Record<string, unknown>>;
const isOurs = (payload: Payload, purpose: string): boolean =>
  payload["iss"] === "ekm" &&
  payload["purpose"] === purpose &&
  payload["version"] === 1 &&
  isTime(payload["at"]) &&
  typeof payload["keyId"] === "string" &&
  isLink(payload["previous"]);
const isHeadOf = (value: Payload): boolean =>
  typeof value["accountId"] === "string" && isCount(value["sequence"]) && isHash(value["hash"]);

/** The payload of a JWS whose signature was verified, if it is a checkpoint's; else null. */
export const asCheckpointClaims = (payload: Payload): CheckpointClaims | null =>
  isOurs(payload, "audit-checkpoint") && isHeadOf(payload) ? (payload as unknown as CheckpointClaims) : null;

/** Likewise a round's. */
export function asRoundClaims(payload: Payload): RoundClaims | null {
  const { round, checkpoints } = payload;
  if (!isOurs(payload, "audit-round") || !isCount(round) || !Array.isArray(checkpoints)) return null;
  const listed = (checkpoints as unknown[]).every((entry) => {
    const fields = (entry ?? {}) as Payload;
    return isHeadOf(fields) && isHash(fields["digest"]);
  });
  return listed ? (payload as unknown as RoundClaims) : null;
}
