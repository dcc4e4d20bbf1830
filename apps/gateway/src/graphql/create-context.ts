import type { FastifyRequest } from "fastify";
import { bearerToken } from "../auth/bearer.js";
import type { TokenVerifier } from "../auth/verify-token.js";
import { type RateLimits, tenantOf } from "../http/rate-limits.js";
import { ANONYMOUS, type GraphQLContext } from "./context.js";
import { rateLimited, tooManyRequests, unauthenticated } from "./errors/top-level-errors.js";

export interface ContextOptions {
  readonly app: Omit<GraphQLContext, "caller" | "takeProbe">;
  readonly verifyToken: TokenVerifier;
  readonly limits: RateLimits;
  readonly introspection: boolean;
}

export function createContext({ app, verifyToken, limits, introspection }: ContextOptions) {
  return async (request: FastifyRequest): Promise<GraphQLContext> => {
    const caller = await authenticate(bearerToken(request.headers.authorization));
    const tenant = tenantOf(caller);
    // Who sent too many documents that cannot be run waits before another one is looked at.
    const refusedMs = limits.refusals.wait(tenant);
    if (refusedMs > 0) throw tooManyRequests(refusedMs);
    const takeProbe = () => {
      const waitMs = limits.probes.take(tenant);
      if (waitMs > 0) throw rateLimited(waitMs);
    };
    return { ...app, caller, takeProbe };
  };

  async function authenticate(token: string | null | undefined) {
    if (token === undefined && introspection) return ANONYMOUS;
    const verified = token == null ? null : await verifyToken(token);
    if (verified === null) {
      throw unauthenticated(token === undefined ? "Send a bearer token in the Authorization header." : "The token is not valid.");
    }
    return verified.caller;
  }
}
