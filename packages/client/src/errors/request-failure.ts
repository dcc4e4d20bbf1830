import type { CombinedError } from "@urql/core";

/** Codes that the API sets on a top-level error (`extensions.code`). */
export const topLevelCodes = ["UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT", "RATE_LIMITED", "INTERNAL"] as const;
export type TopLevelCode = (typeof topLevelCodes)[number];

/**
 * OFFLINE: no answer came. TIMED_OUT: not in time. UNAVAILABLE: an answer came that is not the API's, from a proxy in between. UNKNOWN: a
 * top-level code that this version of the client does not know.
 */
export type RequestFailureCode = TopLevelCode | "OFFLINE" | "TIMED_OUT" | "UNAVAILABLE" | "UNKNOWN";

/** The request as a whole failed. Whether it had an effect is not known, unless its code says that it was refused. */
export interface RequestFailure {
  readonly kind: "request";
  readonly code: RequestFailureCode;
  readonly message: string;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** To be quoted to support. Absent when no answer came. */
  readonly requestId?: string;
}

const RETRYABLE: ReadonlySet<RequestFailureCode> = new Set(["RATE_LIMITED", "INTERNAL", "OFFLINE", "TIMED_OUT", "UNAVAILABLE"]);

export const requestFailure = (
  code: RequestFailureCode,
  message: string,
  more: Pick<RequestFailure, "retryAfterMs" | "requestId"> = {},
): RequestFailure => ({ kind: "request", code, message, retryable: RETRYABLE.has(code), ...more });

/** `token()` threw: nobody is signed in, as far as the client can tell. */
export class TokenUnavailableError extends Error {
  override readonly name = "TokenUnavailableError";
}

interface ErrorLike {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** From a GraphQL error, by its `extensions`. */
export function failureOfGraphQLError({ message, extensions = {} }: ErrorLike, header?: string | null): RequestFailure {
  const { code, retryAfterMs, requestId = header } = extensions;
  const known = topLevelCodes.find((each) => each === code) ?? "UNKNOWN";
  return requestFailure(known, message, {
    ...(typeof retryAfterMs === "number" ? { retryAfterMs } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
  });
}

/** One failure for everything that can go wrong with a request, whichever layer it went wrong in. */
export function requestFailureOf({ networkError, graphQLErrors, response }: CombinedError): RequestFailure {
  const answer = response as Response | undefined;
  const requestId = answer?.headers?.get("x-request-id");
  const [first] = graphQLErrors;
  if (first !== undefined) return failureOfGraphQLError(first, requestId);
  if (networkError instanceof TokenUnavailableError) return requestFailure("UNAUTHENTICATED", networkError.message);
  if (networkError?.name === "TimeoutError") return requestFailure("TIMED_OUT", "No answer came in time.");
  const id = requestId == null ? {} : { requestId };
  if (answer?.status === 401) return requestFailure("UNAUTHENTICATED", "The token was not accepted.", id);
  if (answer !== undefined) return requestFailure("UNAVAILABLE", `The service could not answer (HTTP ${answer.status}).`, id);
  return requestFailure("OFFLINE", "The service could not be reached.");
}
