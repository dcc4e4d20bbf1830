import type { Caller, Role } from "@ekm/ekm";
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";

const ALGORITHMS = ["EdDSA", "ES256", "RS256"];
const CLOCK_TOLERANCE_SECONDS = 5;
const ROLES: ReadonlySet<unknown> = new Set<Role>(["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR", "SUPPORT"]);

/** What a client gets wrong. All else (issuer unreachable, unreadable key set) is a failure of ours and is thrown on. */
const TOKEN_FAULTS: ReadonlySet<string> = new Set([
  "ERR_JWT_CLAIM_VALIDATION_FAILED",
  "ERR_JWT_EXPIRED",
  "ERR_JWT_INVALID",
  "ERR_JWS_INVALID",
  "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  "ERR_JWKS_NO_MATCHING_KEY",
  "ERR_JWKS_MULTIPLE_MATCHING_KEYS",
  "ERR_JOSE_ALG_NOT_ALLOWED",
  "ERR_JOSE_NOT_SUPPORTED",
]);

export interface Verified {
  readonly caller: Caller;
  readonly expiresAt: Date;
}
export type TokenVerifier = (token: string) => Promise<Verified | null>;

/** Null for a token that is not good: why is nobody's business but the issuer's. */
export function createTokenVerifier(options: { issuer: string; audience: string; keys: JWTVerifyGetKey }): TokenVerifier {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, options.keys, {
        issuer: options.issuer,
        audience: options.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ["sub", "exp"],
      });
      const caller = callerOf(payload);
      return caller && { caller, expiresAt: new Date(((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000) };
    } catch (error) {
      if (error instanceof errors.JOSEError && TOKEN_FAULTS.has(error.code)) return null;
      throw error;
    }
  };
}

/** Roles that we do not know grant nothing. */
function callerOf(payload: JWTPayload): Caller | null {
  const { sub, "ekm:roles": roles, "ekm:account": accountId } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > 256) return null;
  if (!Array.isArray(roles)) return null;
  if (accountId !== undefined && (typeof accountId !== "string" || accountId === "" || accountId.length > 64)) return null;
  const known = [...new Set(roles.filter((role): role is Role => ROLES.has(role)))];
  return { subject: sub, roles: known, ...(accountId === undefined ? {} : { accountId }) };
}
