import { constants, createDecipheriv, privateDecrypt } from "node:crypto";
import type { ImportParameters } from "./import-tokens.js";

/** Initial value of AES key wrap with padding (RFC 5649). */
const KEY_WRAP_IV = Buffer.from("A65959A6", "hex");

/** The key material out of its wrapping; null where it does not open. */
export function unwrap({ algorithm, wrappingKey }: ImportParameters, wrapped: Buffer): Buffer | null {
  const [, scheme, hash] = /^(RSAES_OAEP|RSA_AES_KEY_WRAP)_SHA_(1|256)$/.exec(algorithm) ?? [];
  const open = (bytes: Buffer): Buffer => {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key: wrappingKey, padding, oaepHash: `sha${hash}` }, bytes);
  };
  try {
    if (scheme === "RSAES_OAEP") return open(wrapped);
    const modulusBytes = (wrappingKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    const decipher = createDecipheriv("id-aes256-wrap-pad", open(wrapped.subarray(0, modulusBytes)), KEY_WRAP_IV);
    return Buffer.concat([decipher.update(wrapped.subarray(modulusBytes)), decipher.final()]);
  } catch {
    return null;
  }
}
