import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import type { EncryptionContext } from "../../keys/key.js";
import { encodeContext } from "../context-aad.js";
import type { Upstream, UpstreamKey } from "../upstream.js";
import { blobHeader, IV_BYTES, readBlob, TAG_BYTES } from "./ciphertext-blob.js";
import { createRandomPool } from "./random-pool.js";

const ALGORITHM = "aes-256-gcm";

/** Key material in memory, one random 256-bit key per KMS key; AES-256-GCM with the encryption context authenticated. */
export function createEmbeddedUpstream(): Upstream {
  const materials = new Map<string, Buffer>();
  const random = createRandomPool();
  const materialOf = (key: UpstreamKey): Buffer | undefined => materials.get(`${key.region}/${key.id}`);

  function encrypt(key: UpstreamKey, plaintext: Buffer, context: EncryptionContext): Buffer | AwsFault {
    const material = materialOf(key);
    if (material === undefined) return noMaterial();
    const iv = random(IV_BYTES);
    const header = blobHeader(key.id);
    const cipher = createCipheriv(ALGORITHM, material, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([header, encodeContext(context)]));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([header, iv, cipher.getAuthTag(), body]);
  }

  return {
    name: "embedded",
    async createKey(key) {
      if (key.keySpec === "SYMMETRIC_DEFAULT") materials.set(`${key.region}/${key.id}`, randomBytes(32));
      return null;
    },
    async generateDataKey(key, bytes, context) {
      const plaintext = random(bytes);
      const ciphertext = encrypt(key, plaintext, context);
      return ciphertext instanceof AwsFault ? ciphertext : { plaintext, ciphertext };
    },
    encrypt: async (key, plaintext, context) => encrypt(key, plaintext, context),
    async decrypt(key, bytes, context) {
      const material = materialOf(key);
      if (material === undefined) return noMaterial();
      const blob = readBlob(bytes);
      if (blob === null) return new AwsFault("InvalidCiphertextException");
      const decipher = createDecipheriv(ALGORITHM, material, blob.iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.concat([blob.header, encodeContext(context)]));
      decipher.setAuthTag(blob.tag);
      const plaintext = decipher.update(blob.ciphertext);
      try {
        return Buffer.concat([plaintext, decipher.final()]);
      } catch {
        return new AwsFault("InvalidCiphertextException");
      }
    },
    keyIdOf: (ciphertext) => readBlob(ciphertext)?.keyId ?? null,
    setState: async () => null,
    find: async () => null,
    saveMaterial: () => Object.fromEntries([...materials].map(([name, material]) => [name, material.toString("hex")])),
    loadMaterial(saved) {
      for (const [name, hex] of Object.entries(saved)) materials.set(name, Buffer.from(hex, "hex"));
    },
    close: () => {},
    clear: () => materials.clear(),
  };
}

const noMaterial = (): AwsFault => new AwsFault("KMSInternalException", "The key has no material.", 500);
