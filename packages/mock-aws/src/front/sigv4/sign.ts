import { canonicalRequest, type SignableRequest, stringToSign } from "./canonical-request.js";
import { deriveSigningKey, scopeText, signatureOf } from "./signing-key.js";

export interface SigningIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

/** `YYYYMMDDTHHMMSSZ` */
export const timestampOf = (date: Date): string => `${date.toISOString().replace(/[-:]|\.\d{3}/g, "")}`;

/**
 * The request's headers with `x-amz-date` and `authorization` added (AWS Signature Version 4). All headers given are
 * signed; `host` must be among them.
 */
export function signRequest(
  request: SignableRequest,
  identity: SigningIdentity,
  date: Date = new Date(),
): Record<string, string> {
  const timestamp = timestampOf(date);
  const headers: Record<string, string> = { ...request.headers, "x-amz-date": timestamp };
  const signedHeaders = Object.keys(headers).sort();
  const scope = { date: timestamp.slice(0, 8), region: identity.region, service: identity.service };
  const toSign = stringToSign(timestamp, scopeText(scope), canonicalRequest({ ...request, headers }, signedHeaders));
  const signature = signatureOf(deriveSigningKey(identity.secretAccessKey, scope), toSign).toString("hex");
  const credential = `Credential=${identity.accessKeyId}/${scopeText(scope)}`;
  headers["authorization"] = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return headers;
}
