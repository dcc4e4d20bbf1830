import type { FastifyRequest } from "fastify";
import { bearerToken } from "../auth/bearer.js";
import type { TokenVerifier } from "../auth/verify-token.js";
import type { RateLimit } from "../http/rate-limit.js";
import { ANONYMOUS, type GraphQLContext } from "./context.js";
import { rateLimited, unauthenticated } from "./errors/top-level-errors.js";

export interface ContextOptions {
  readonly app: Omit<GraphQLContext, "caller" | "takeProbe">;
  readonly verifyToken: TokenVerifier;
  readonly probes: RateLimit;
  readonly introspection: boolean;
}

export function createContext({ app, verifyToken, probes, introspection }: ContextOptions) {
  return async (request: FastifyRequest): Promise<GraphQLContext> => {
    const caller = await authenticate(bearerToken(request.headers.authorization));
    const takeProbe = () => {
      const waitMs = probes.take(caller.accountId ?? `subject:${caller.subject}`);
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
