import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { EncryptionContext, KeyState } from "../src/index.js";
import type { KeyServiceCode } from "./memory-key-failures.js";

const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const HEADER_LENGTH = 16 + 1;

/**
 * One key of the memory key service. Its fields are switches: change them at any time, the next call sees them.
 * A wrap is `key tag(16) | material number(1) | IV(12) | tag(16) | ciphertext`, AES-256-GCM with the context as AAD.
 */
export class MemoryKey {
  state: KeyState | "Deleted" = "Enabled";
  /** Every call is denied: a revoked policy, a deleted key or a suspended account, which AWS does not tell apart. */
  denied = false;
  /** The account id to which the policy binds `ekm:account`; any other context, and none, is denied. Undefined: a wide policy. */
  boundTo?: string | undefined;
  describeDenied = false;
  encryptDenied = false;
  /** ReEncryptFrom and ReEncryptTo. */
  reEncryptDenied = false;
  /** Every cryptographic call fails so, after policy and state: throttling, an external key that is off, and so on. */
  failWith?: KeyServiceCode | undefined;
  /** "invalid": an answer that names another key. "wrong-bytes": decrypt gives other bytes of the right length. */
  answers: "truthful" | "invalid" | "wrong-bytes" = "truthful";
  keySpec = "SYMMETRIC_DEFAULT";
  keyUsage = "ENCRYPT_DECRYPT";
  manager: "AWS" | "CUSTOMER" = "CUSTOMER";
  origin = "AWS_KMS";
  multiRegion = false;
  deletionDate?: Date | undefined;
  /** The ARN that DescribeKey answers, if not its own. */
  describedArn?: string | undefined;
  readonly #tag = randomBytes(16);
  readonly #materials: Uint8Array[] = [randomBytes(32)];

  constructor(readonly arn: string) {}

  get region(): string {
    return this.arn.split(":")[3] ?? "";
  }

  /** AWS's own rotation: new wraps use new material, old ones stay readable under the same ARN. */
  rotateMaterial(): void {
    this.#materials.push(randomBytes(32));
  }

  seal(plaintext: Uint8Array, context: EncryptionContext): Uint8Array {
    const number = this.#materials.length - 1;
    const iv = randomBytes(IV_LENGTH);
    const cipher = createCipheriv("aes-256-gcm", this.#material(number), iv);
    cipher.setAAD(aadOf(context));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return new Uint8Array(Buffer.concat([this.#tag, Buffer.of(number), iv, cipher.getAuthTag(), body]));
  }

  /** Null: another key's wrap, another context, or damaged bytes. */
  open(wrap: Uint8Array, context: EncryptionContext): Uint8Array | null {
    if (wrap.length <= HEADER_LENGTH + IV_LENGTH + TAG_LENGTH || !Buffer.from(wrap.subarray(0, 16)).equals(this.#tag))
      return null;
    const number = wrap[16] ?? 255;
    if (number >= this.#materials.length) return null;
    const bodyAt = HEADER_LENGTH + IV_LENGTH + TAG_LENGTH;
    const decipher = createDecipheriv(
      "aes-256-gcm",
      this.#material(number),
      wrap.subarray(HEADER_LENGTH, HEADER_LENGTH + IV_LENGTH),
    );
    decipher.setAAD(aadOf(context));
    decipher.setAuthTag(wrap.subarray(HEADER_LENGTH + IV_LENGTH, bodyAt));
    try {
      return new Uint8Array(Buffer.concat([decipher.update(wrap.subarray(bodyAt)), decipher.final()]));
    } catch {
      return null;
    }
  }

  #material(number: number): Uint8Array {
    const material = this.#materials[number];
    if (material === undefined) throw new RangeError("no such key material");
    return material;
  }
}

const aadOf = (context: EncryptionContext): Uint8Array =>
  Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
