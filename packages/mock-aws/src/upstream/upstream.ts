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

/**
 * What holds key material and does the cryptography. Whoever calls it has checked identity, policy and state already; it
 * enforces none of them. An AwsFault is an answer that goes to the caller as it is.
 */
export interface Upstream {
  readonly name: string;
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
  /** Follows the key's state in so many milliseconds, as far as the upstream has such a state. */
  setState(key: UpstreamKey, state: KeyState, afterMs: number): Promise<AwsFault | null>;
  /** A key that exists upstream but was not made through the front. */
  find(key: UpstreamKey): Promise<FoundUpstreamKey | null>;
  /** Key material to keep in a state file, by `region/id`, in hexadecimal; empty where the upstream keeps its own. */
  saveMaterial(): Record<string, string>;
  loadMaterial(saved: Readonly<Record<string, string>>): void;
  /** Stops what it has under way. */
  close(): void;
  /** Drops every key that it holds itself. */
  clear(): void;
}
