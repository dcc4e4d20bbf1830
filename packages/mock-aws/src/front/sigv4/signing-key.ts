import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

export interface CredentialScope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const scopeText = (scope: CredentialScope): string => `${scope.date}/${scope.region}/${scope.service}/aws4_request`;

/** AWS "Create a signed AWS API request", step 3: the key for one day, Region and service. */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): KeyObject {
  let key: Buffer = hmac(`AWS4${secretAccessKey}`, scope.date);
  for (const part of [scope.region, scope.service, "aws4_request"]) key = hmac(key, part);
  return createSecretKey(key);
}

export function signatureOf(key: KeyObject, toSign: string): Buffer {
  return createHmac("sha256", key).update(toSign).digest();
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
