import { AwsFault } from "../aws-fault.js";
import type { CredentialScope } from "./signing-key.js";

export interface Authorization {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly signature: string;
}

const incomplete = (message: string): AwsFault => new AwsFault("IncompleteSignatureException", message);

/** `AWS4-HMAC-SHA256 Credential=ID/YYYYMMDD/region/service/aws4_request, SignedHeaders=a;b, Signature=hex` */
export function parseAuthorization(header: string): Authorization | AwsFault {
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  if (algorithm !== "AWS4-HMAC-SHA256") return incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
  const parameters = new Map<string, string>();
  for (const part of rest.join("").split(",")) {
    const split = part.indexOf("=");
    if (split > 0) parameters.set(part.slice(0, split), part.slice(split + 1));
  }
  const [credential, signedHeaders, signature] = ["Credential", "SignedHeaders", "Signature"].map((name) => parameters.get(name));
  if (!credential) return incomplete("Authorization header requires 'Credential' parameter.");
  if (!signature) return incomplete("Authorization header requires 'Signature' parameter.");
  if (!signedHeaders) return incomplete("Authorization header requires 'SignedHeaders' parameter.");
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request" || more.length > 0) {
    return incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
  }
  return { accessKeyId, scope: { date, region, service }, signedHeaders: signedHeaders.toLowerCase().split(";"), signature };
}
