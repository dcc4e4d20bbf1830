import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Signer } from "../ports/signer.js";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** RFC 7638 thumbprint of an Ed25519 public key (members in the order that the RFC asks for). */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x } = publicKey.export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
}

/** A signer over an Ed25519 private key. Throws TypeError for any other kind of key. */
export function ed25519Signer(privateKey: KeyObject): Signer {
  if (privateKey.type !== "private" || privateKey.asymmetricKeyType !== "ed25519")
    throw new TypeError("an Ed25519 private key is needed");
  const keyId = thumbprint(createPublicKey(privateKey));
  return {
    keyId,
    sign: async (payload) => {
      const input = `${encode({ alg: "EdDSA", kid: keyId, typ: "JWT" })}.${encode(payload)}`;
      return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
    },
  };
}

/** The payload of a compact JWS if this key signed it, else null. */
export function verifyJws(jws: string, publicKey: KeyObject): Record<string, unknown> | null {
  const [header, payload, signature, ...rest] = jws.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  try {
    const { alg } = JSON.parse(Buffer.from(header, "base64url").toString());
    const signed = verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, "base64url"));
    return alg === "EdDSA" && signed ? JSON.parse(Buffer.from(payload, "base64url").toString()) : null;
  } catch {
    return null;
  }
}
