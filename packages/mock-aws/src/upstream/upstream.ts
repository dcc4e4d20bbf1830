import type { KeyObject } from "node:crypto";
import type { KeyState } from "../control/interface.js";
import type { AwsFault } from "../front/aws-fault.js";
import type { EncryptionContext } from "../keys/key.js";

export interface UpstreamKey {
  readonly accountId: string;
  readonly region: string;
  readonly id: string;
  readonly arn: string;
}

export interface NewUpstreamKey extends UpstreamKey {
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly origin: string;
  readonly multiRegion: boolean;
  readonly description: string;
}

export interface FoundUpstreamKey extends NewUpstreamKey {
  readonly state: KeyState;
}

/** Key material as a state file keeps it: text in hexadecimal. */
export interface SavedMaterial {
  readonly symmetric: Readonly<Record<string, string>>;
  readonly current: string | null;
  readonly pending: string | null;
  readonly known: readonly string[];
  /** PKCS #8, or the secret of an HMAC key. */
  readonly privateKey: string | null;
  readonly macKey: string | null;
}

/**
 * What holds key material and does the symmetric cryptography. Whoever calls it has checked identity, policy and state
 * already; it enforces none of them. An AwsFault is an answer that goes to the caller as it is.
 */
export interface Upstream {
  readonly name: string;
  /** With fresh material, but for a key whose material is imported. */
  createKey(key: NewUpstreamKey): Promise<AwsFault | null>;
  /** `bytes` random bytes, 1-1024, plain and encrypted. */
  generateDataKey(
    key: UpstreamKey,
    bytes: number,
    context: EncryptionContext,
  ): Promise<{ readonly plaintext: Buffer; readonly ciphertext: Buffer } | AwsFault>;
  encrypt(key: UpstreamKey, plaintext: Buffer, context: EncryptionContext): Promise<Buffer | AwsFault>;
  /** InvalidCiphertextException for bytes, or a context, that the key did not encrypt. */
  decrypt(key: UpstreamKey, ciphertext: Buffer, context: EncryptionContext): Promise<Buffer | AwsFault>;
  /** The id of the key that made the ciphertext, unverified; null where it is none of the upstream's. */
  keyIdOf(ciphertext: Buffer): string | null;
  /** The id of the material that made the ciphertext, or of the current material; null where there is none, or none known. */
  materialIdOf(key: UpstreamKey, ciphertext?: Buffer): string | null;
  /** New current material for keys that share it; what the old material encrypted stays readable. */
  rotate(keys: readonly UpstreamKey[]): Promise<string | null>;
  /** A key in another Region with the same id and the same material. */
  replicate(primary: UpstreamKey, replica: NewUpstreamKey): Promise<AwsFault | null>;
  /** 32 bytes for a symmetric key, a secret for HMAC, PKCS #8 for a key pair. `asNew`: to be rotated to, beside the current. */
  importMaterial(
    key: NewUpstreamKey,
    material: Buffer,
    asNew: boolean,
  ): { readonly materialId: string; readonly complete: boolean } | AwsFault;
  /** Drops imported material; it can only be imported again as it was. */
  deleteMaterial(key: UpstreamKey): void;
  /** Makes imported material that waits for rotation the current one; null where none waits. */
  rotateToImported(key: UpstreamKey): string | null;
  privateKeyOf(key: UpstreamKey): KeyObject | null;
  macKeyOf(key: UpstreamKey): Buffer | null;
  /** Follows the key's state in so many milliseconds, as far as the upstream has such a state. */
  setState(key: UpstreamKey, state: KeyState, afterMs: number): Promise<AwsFault | null>;
  /** A key that exists upstream but was not made through the front. */
  find(key: UpstreamKey): Promise<FoundUpstreamKey | null>;
  /** Key material to keep in a state file, by `region/id`; nothing of what another service keeps. */
  saveMaterial(): Record<string, SavedMaterial>;
  loadMaterial(saved: Readonly<Record<string, SavedMaterial>>): void;
  /** Stops what it has under way. */
  close(): void;
  /** Drops every key that it holds itself. */
  clear(): void;
}
