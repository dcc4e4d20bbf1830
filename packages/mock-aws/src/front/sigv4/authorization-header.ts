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
  const end = header.search(/\s/);
  const algorithm = end < 0 ? header : header.slice(0, end);
  if (algorithm !== "AWS4-HMAC-SHA256") return incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
  const parameters = header
    .slice(algorithm.length)
    .split(",")
    .map((text) => text.trim());
  const credential = parameter(parameters, "Credential=");
  const signedHeaders = parameter(parameters, "SignedHeaders=");
  const signature = parameter(parameters, "Signature=");
  if (!credential) return incomplete("Authorization header requires 'Credential' parameter.");
  if (!signature) return incomplete("Authorization header requires 'Signature' parameter.");
  if (!signedHeaders) return incomplete("Authorization header requires 'SignedHeaders' parameter.");
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request" || more.length > 0) {
    return incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
  }
  return { accessKeyId, scope: { date, region, service }, signedHeaders: signedHeaders.toLowerCase().split(";"), signature };
}

function parameter(parameters: readonly string[], name: string): string | undefined {
  return parameters.find((text) => text.startsWith(name))?.slice(name.length);
}
