import { GraphQLError } from "graphql";

/** All that may stand in `extensions.code` of a top-level error. Everything else is data of the answer. */
export type TopLevelCode = "UNAUTHENTICATED" | "FORBIDDEN" | "BAD_USER_INPUT" | "RATE_LIMITED" | "INTERNAL";

const topLevel = (code: TopLevelCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...extensions } });

/** 401 by `extensions.http`, which Apollo takes out of the answer again. */
export const unauthenticated = (message: string): GraphQLError =>
  topLevel("UNAUTHENTICATED", message, {
    http: { status: 401, headers: new Map([["www-authenticate", 'Bearer realm="ekm"']]) },
  });

export const forbidden = (): GraphQLError => topLevel("FORBIDDEN", "Your role does not allow this.");

export const badUserInput = (message: string): GraphQLError => topLevel("BAD_USER_INPUT", message);

export const rateLimited = (retryAfterMs: number): GraphQLError =>
  topLevel("RATE_LIMITED", `Too many requests. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`, { retryAfterMs });
