import type { JWTHeaderParameters, JWTPayload } from "jose";

/** `at+jwt` by RFC 9068; many issuers write JWT, or nothing. */
const TYPES: ReadonlySet<string> = new Set(["at+jwt", "jwt"]);

/** Claims of an ID token (OpenID Connect Core 1.0, sections 2 and 3.1.3.6) and of a logout token, which no access token has. */
const CLAIMS_OF_OTHERS = ["nonce", "at_hash", "c_hash", "events"];

/**
 * Whether it was made to call an API. An ID token tells an application who signed in; where application and API go by one audience it
 * would otherwise pass for a key to the API. Keycloak and Cognito tell the kinds apart by a claim, others by the header.
 */
export function isAccessToken({ typ }: Partial<JWTHeaderParameters>, payload: JWTPayload): boolean {
  if (typ !== undefined && !TYPES.has(typ.toLowerCase().replace(/^application\//, ""))) return false;
  if (CLAIMS_OF_OTHERS.some((claim) => claim in payload)) return false;
  const { token_use: use, typ: kind } = payload;
  return (use === undefined || use === "access") && (kind === undefined || kind === "Bearer");
}
