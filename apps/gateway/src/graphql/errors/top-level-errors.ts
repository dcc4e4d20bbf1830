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

/** Of the whole request: 400. */
export const badRequest = (message: string): GraphQLError => topLevel("BAD_USER_INPUT", message, { http: { status: 400 } });

const seconds = (ms: number): number => Math.ceil(ms / 1000);

const limited = (retryAfterMs: number, http: { readonly status?: number }): GraphQLError =>
  topLevel("RATE_LIMITED", `Too many requests. Try again in ${seconds(retryAfterMs)} s.`, {
    retryAfterMs,
    http: { ...http, headers: new Map([["retry-after", String(seconds(retryAfterMs))]]) },
  });

/** Of one field: the others are answered. */
export const rateLimited = (retryAfterMs: number): GraphQLError => limited(retryAfterMs, {});

/** Of the whole request: 429. */
export const tooManyRequests = (retryAfterMs: number): GraphQLError => limited(retryAfterMs, { status: 429 });
