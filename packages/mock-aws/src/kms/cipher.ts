import { constants, createPublicKey, privateDecrypt, publicEncrypt } from "node:crypto";
import { AwsFault } from "../front/aws-fault.js";
import type { EncryptionContext, KeyRecord } from "../keys/key.js";
import type { Upstream } from "../upstream/upstream.js";

/** Encrypts with whatever kind of key it is; the caller has checked that the algorithm is one of the key's. */
export async function encryptWith(
  upstream: Upstream,
  key: KeyRecord,
  plaintext: Buffer,
  { context = {}, algorithm }: { readonly context?: EncryptionContext | undefined; readonly algorithm?: string | undefined },
): Promise<Buffer | AwsFault> {
  if (key.keySpec === "SYMMETRIC_DEFAULT") return upstream.encrypt(key, plaintext, context);
  const privateKey = upstream.privateKeyOf(key);
  if (privateKey === null) return noMaterial();
  const limit = Number(key.keySpec.replace("RSA_", "")) / 8 - 2 - (algorithm === "RSAES_OAEP_SHA_1" ? 40 : 64);
  if (plaintext.length > limit) {
    const message = `Algorithm ${algorithm} and key spec ${key.keySpec} cannot encrypt data larger than ${limit} bytes.`;
    return new AwsFault("ValidationException", message);
  }
  return publicEncrypt({ key: createPublicKey(privateKey), ...oaep(algorithm) }, plaintext);
}

export async function decryptWith(
  upstream: Upstream,
  key: KeyRecord,
  ciphertext: Buffer,
  { context = {}, algorithm }: { readonly context?: EncryptionContext | undefined; readonly algorithm?: string | undefined },
): Promise<Buffer | AwsFault> {
  if (key.keySpec === "SYMMETRIC_DEFAULT") return upstream.decrypt(key, ciphertext, context);
  const privateKey = upstream.privateKeyOf(key);
  if (privateKey === null) return noMaterial();
  try {
    return privateDecrypt({ key: privateKey, ...oaep(algorithm) }, ciphertext);
  } catch {
    return new AwsFault("InvalidCiphertextException");
  }
}

const oaep = (algorithm: string | undefined) => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: algorithm === "RSAES_OAEP_SHA_1" ? "sha1" : "sha256",
});

export const noMaterial = (): AwsFault => new AwsFault("KMSInternalException", "The key has no material.", 500);
