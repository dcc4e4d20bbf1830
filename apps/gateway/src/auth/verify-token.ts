import type { Caller, Clock, Role } from "@ekm/ekm";
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { isAccessToken } from "./access-token.js";

const ALGORITHMS = ["EdDSA", "ES256", "RS256"];
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_TOKEN_LENGTH = 8_192;
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

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** The `typ` that a token must have; absent: any that an access token may have. */
  readonly type?: string | undefined;
  readonly keys: JWTVerifyGetKey;
  readonly clock: Pick<Clock, "now">;
  /** For whoever sets an issuer up: a word, never a part of the token. */
  readonly onRefused?: (reason: string) => void;
}

/** Null for a token that is not good: why is nobody's business but the issuer's. */
export function createTokenVerifier({ clock, type, onRefused = () => {}, ...rules }: TokenRules): TokenVerifier {
  const refuse = (reason: string): null => {
    onRefused(reason);
    return null;
  };
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return refuse("too long");
    try {
      const { payload, protectedHeader } = await jwtVerify(token, rules.keys, {
        issuer: rules.issuer,
        audience: rules.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: clock.now(),
        requiredClaims: ["sub", "exp"],
        ...(type === undefined ? {} : { typ: type }),
      });
      if (!isAccessToken(protectedHeader, payload)) return refuse("no access token");
      const caller = callerOf(payload);
      if (caller === null) return refuse("claims");
      return { caller, expiresAt: new Date(((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000) };
    } catch (error) {
      if (error instanceof errors.JOSEError && TOKEN_FAULTS.has(error.code)) return refuse(error.code);
      throw error;
    }
  };
}

/**
 * Roles that we do not know grant nothing. Support belongs to no account: a token that names one beside SUPPORT would make the look
 * of support pass for the tenant's own, and is refused whole.
 */
function callerOf(payload: JWTPayload): Caller | null {
  const { sub, "ekm:roles": roles, "ekm:account": accountId } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > 256) return null;
  if (!Array.isArray(roles)) return null;
  if (accountId !== undefined && (typeof accountId !== "string" || accountId === "" || accountId.length > 64)) return null;
  const known = [...new Set(roles.filter((role): role is Role => ROLES.has(role)))];
  if (accountId !== undefined && known.includes("SUPPORT")) return null;
  return { subject: sub, roles: known, ...(accountId === undefined ? {} : { accountId }) };
}
