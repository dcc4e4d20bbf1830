import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretSealer } from "../ports/webhook-means.js";

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/**
 * AES-256-GCM under the installation's key: version (1 byte), IV (12, random), ciphertext, tag (16), in base64. The owner's id is
 * the associated data, so that one webhook's secret put into another's row does not open. Random IVs: safe for 2^32 secrets under
 * one key (SP 800-38D). Throws RangeError for a key that does not have 32 bytes.
 */
export function createSecretSealer(key: Uint8Array): SecretSealer {
  if (key.length !== KEY_BYTES) throw new RangeError(`the key must have ${KEY_BYTES} bytes`);
  const associated = (owner: string) => Buffer.from(`ekm webhook secret ${owner}`, "utf8");
  return {
    seal(secret, owner) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(associated(owner));
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString(
        "base64",
      );
    },
    open(sealed, owner) {
      const bytes = Buffer.from(sealed, "base64");
      if (bytes.length < 1 + IV_BYTES + TAG_BYTES || bytes[0] !== VERSION) return null;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 1 + IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(associated(owner)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(1 + IV_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}
