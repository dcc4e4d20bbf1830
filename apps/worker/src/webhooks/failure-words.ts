import { AddressRefused, HostUnknown } from "./checked-addresses.js";

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "The connection was refused.",
  ECONNRESET: "The connection was cut off before an answer.",
  EPIPE: "The connection was cut off before an answer.",
  ETIMEDOUT: "The connection could not be made in time.",
  EHOSTUNREACH: "The host could not be reached.",
  ENETUNREACH: "The host could not be reached.",
  CERT_HAS_EXPIRED: "The TLS certificate has expired.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The TLS certificate is for another host.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The TLS certificate is signed by itself, not by a public authority.",
  SELF_SIGNED_CERT_IN_CHAIN: "The TLS certificate's chain ends in no public authority.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The TLS certificate's chain is incomplete: intermediate certificates are missing.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The TLS certificate's chain ends in no public authority.",
};

/** Why an attempt failed, for the receiver's people: sentences of ours and codes of Node's, nothing that came over the network. */
export function wordsOf(error: unknown, timeoutMs: number): string {
  if (error instanceof AddressRefused) return "The host has an address of a private or special network, which may not be used.";
  if (error instanceof HostUnknown) return "The host name was not found.";
  if (error instanceof DOMException && error.name === "TimeoutError") return `There was no answer within ${timeoutMs / 1000} s.`;
  const code = codeOf(error);
  if (code === undefined) return "The connection failed.";
  return BY_CODE[code] ?? `The connection failed (${code}).`;
}

/** Of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? code : undefined;
}
