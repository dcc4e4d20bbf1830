import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import type { EncryptionContext } from "../../keys/key.js";
import { encodeContext } from "../context-aad.js";
import type { Upstream, UpstreamKey } from "../upstream.js";
import { blobHeader, IV_BYTES, readBlob, TAG_BYTES } from "./ciphertext-blob.js";
import { MaterialStore } from "./material-store.js";
import { newMacKey, newPrivateKey } from "./new-material.js";
import { createRandomPool } from "./random-pool.js";

const ALGORITHM = "aes-256-gcm";

/** Key material in memory; AES-256-GCM with the encryption context authenticated. `holds`: whether a key's material is here. */
export function createEmbeddedUpstream(): Upstream & { holds(key: UpstreamKey): boolean } {
  const materials = new MaterialStore();
  const random = createRandomPool();

  function encrypt(key: UpstreamKey, plaintext: Buffer, context: EncryptionContext): Buffer | AwsFault {
    const material = materials.of(key);
    const bytes = material?.symmetric.get(material.current ?? "");
    if (material?.current == null || bytes === undefined) return noMaterial();
    const iv = random(IV_BYTES);
    const header = blobHeader(key.id, material.current);
    const cipher = createCipheriv(ALGORITHM, bytes, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([header, encodeContext(context)]));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([header, iv, cipher.getAuthTag(), body]);
  }

  function materialIdOf(key: UpstreamKey, ciphertext?: Buffer): string | null {
    const material = materials.of(key);
    if (ciphertext === undefined) return material?.current ?? null;
    const begin = readBlob(ciphertext)?.material;
    if (begin === undefined || material === undefined) return null;
    return [...material.symmetric.keys()].find((id) => id.startsWith(begin)) ?? null;
  }

  return {
    name: "embedded",
    holds: (key) => materials.of(key) !== undefined,
    async createKey(key) {
      const material = materials.create(key);
      if (key.origin === "EXTERNAL") return null;
      if (key.keySpec === "SYMMETRIC_DEFAULT") materials.add(key, randomBytes(32));
      material.privateKey = await newPrivateKey(key.keySpec);
      material.macKey = newMacKey(key.keySpec);
      return null;
    },
    async generateDataKey(key, bytes, context) {
      const plaintext = random(bytes);
      const ciphertext = encrypt(key, plaintext, context);
      return ciphertext instanceof AwsFault ? ciphertext : { plaintext, ciphertext };
    },
    encrypt: async (key, plaintext, context) => encrypt(key, plaintext, context),
    async decrypt(key, bytes, context) {
      const blob = readBlob(bytes);
      if (blob === null) return new AwsFault("InvalidCiphertextException");
      const material = materials.of(key)?.symmetric.get(materialIdOf(key, bytes) ?? "");
      if (material === undefined) return new AwsFault("InvalidCiphertextException");
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
    materialIdOf,
    async rotate(keys) {
      const bytes = randomBytes(32);
      return keys.map((key) => materials.add(key, bytes)).at(-1) ?? null;
    },
    async replicate(primary, replica) {
      if (replica.origin === "EXTERNAL") materials.create(replica);
      else materials.copy(primary, replica);
      return null;
    },
    importMaterial: (key, bytes, asNew) => materials.import(key, bytes, asNew),
    deleteMaterial: (key) => materials.remove(key),
    rotateToImported: (key) => materials.promote(key),
    privateKeyOf: (key) => materials.of(key)?.privateKey ?? null,
    macKeyOf: (key) => materials.of(key)?.macKey ?? null,
    setState: async () => null,
    find: async () => null,
    saveMaterial: () => materials.save(),
    loadMaterial: (saved) => materials.load(saved),
    close: () => {},
    clear: () => materials.clear(),
  };
}

const noMaterial = (): AwsFault => new AwsFault("KMSInternalException", "The key has no material.", 500);
