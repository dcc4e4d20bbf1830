import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const newKeyPair = promisify(generateKeyPair);

/** Names of curves as OpenSSL has them. */
export const CURVES: Readonly<Record<string, string>> = {
  ECC_NIST_P256: "prime256v1",
  ECC_NIST_P384: "secp384r1",
  ECC_NIST_P521: "secp521r1",
  ECC_SECG_P256K1: "secp256k1",
};

/** A fresh private key of a spec (`RSA_2048`, `ECC_NIST_P256`, ...); null for a spec that is no key pair. */
export async function newPrivateKey(spec: string): Promise<KeyObject | null> {
  const bits = /^RSA_(\d+)$/.exec(spec)?.[1];
  if (bits !== undefined) return (await newKeyPair("rsa", { modulusLength: Number(bits) })).privateKey;
  const namedCurve = CURVES[spec];
  return namedCurve === undefined ? null : (await newKeyPair("ec", { namedCurve })).privateKey;
}

/** As long as the hash's output; null for a spec that is no HMAC key. */
export function newMacKey(spec: string): Buffer | null {
  const bits = /^HMAC_(\d+)$/.exec(spec)?.[1];
  return bits === undefined ? null : randomBytes(Number(bits) / 8);
}
