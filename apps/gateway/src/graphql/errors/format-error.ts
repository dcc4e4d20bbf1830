import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { ArgumentValidationError } from "type-graphql";
import type { TopLevelCode } from "./top-level-errors.js";

const OURS: ReadonlySet<unknown> = new Set<TopLevelCode>(["UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT", "RATE_LIMITED"]);

/** Apollo's names for requests that are wrong in themselves: syntax, schema, variables, HTTP. */
const REQUEST_FAULTS: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_REQUEST",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
]);

/** Some repeat what was sent, which can be long. */
const MAX_MESSAGE = 500;

export interface ErrorFormatOptions {
  readonly requestId: () => string;
  readonly logBug: (error: unknown, requestId: string) => void;
}

/** The one place where errors leave the house: five codes, a request id, and nothing from inside. */
export function createFormatError({ requestId, logBug }: ErrorFormatOptions) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const id = requestId();
    const where = {
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
    };
    const answer = (code: TopLevelCode, message: string, more: object = {}): GraphQLFormattedError => ({
      message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} ...` : message,
      ...where,
      extensions: { ...more, code, requestId: id },
    });

    const cause = unwrapResolverError(error);
    if (cause instanceof ArgumentValidationError) return answer("BAD_USER_INPUT", describeArguments(cause));

    const code = formatted.extensions?.["code"];
    if (REQUEST_FAULTS.has(code)) return answer("BAD_USER_INPUT", formatted.message);
    if (OURS.has(code) && cause instanceof GraphQLError) {
      const { retryAfterMs } = cause.extensions;
      return answer(code as TopLevelCode, formatted.message, retryAfterMs === undefined ? {} : { retryAfterMs });
    }
    logBug(cause, id);
    return answer("INTERNAL", "Something went wrong on our side. Try again, and quote the request id to support if it stays.");
  };
}

/** Names the constraint and never the value. */
function describeArguments(error: ArgumentValidationError): string {
  const { validationErrors = [] } = error.extensions as { validationErrors?: { constraints?: Record<string, string> }[] };
  return validationErrors.flatMap(({ constraints = {} }) => Object.values(constraints)).join("; ") || "An argument is not valid.";
}
