import type { AwsAnswer } from "./aws-answer.js";

/**
 * TimeoutError: the SDK's connection and request time-outs. AbortError: our own bound on a whole call, for a body that stalls.
 * SyntaxError: an answer that is not JSON, such as a proxy's HTML page.
 */
const NAMES: ReadonlySet<string> = new Set(["TimeoutError", "AbortError", "SyntaxError"]);

/** A truncated body arrives as ECONNRESET *with* status 200: the code decides, not the status. */
const CODES: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ESOCKETTIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EPROTO",
]);

/** HPE_: the answer is not HTTP. CERT_, ERR_TLS, ERR_SSL and the like: somebody else answers in AWS's place. */
const CODE_FAMILIES = /^(HPE_|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|UND_ERR_)/;

/** The call did not reach AWS KMS, or its answer did not reach us whole. */
export const isTransportFault = ({ name, code }: AwsAnswer): boolean =>
  NAMES.has(name) || (code !== undefined && (CODES.has(code) || CODE_FAMILIES.test(code)));
