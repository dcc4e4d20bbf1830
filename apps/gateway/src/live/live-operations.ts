import { randomUUID } from "node:crypto";
import type { FastifyBaseLogger } from "fastify";
import {
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { bearerToken } from "../auth/bearer.js";
import type { TokenVerifier, Verified } from "../auth/verify-token.js";
import type { GraphQLContext } from "../graphql/context.js";
import { documentLimits, MAX_TOKENS, toldOf } from "../graphql/document-limits.js";
import { createFormatError } from "../graphql/errors/format-error.js";
import { badUserInput, rateLimited } from "../graphql/errors/top-level-errors.js";
import { queryLimits } from "../graphql/query-limits.js";
import type { TrustedDocuments } from "../graphql/trusted-documents.js";
import { type RateLimits, tenantOf } from "../http/rate-limits.js";
import { faultOf } from "../http/request-shape.js";
import type { Seats } from "./seats.js";

/** What a client sends to begin listening, over either transport. */
export interface LiveRequest {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

interface Result {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** A subscription that may begin. `leave` gives its place back. */
export interface LiveOperation {
  readonly args: ExecutionArgs;
  readonly leave: () => void;
}

/** What both transports need: the same rules, limits and answers as for a request at `/graphql`. */
export interface LiveOperations {
  /** Null: no token, or one that is not good. */
  authenticate(authorization: unknown): Promise<Verified | null>;
  /** Parsed, validated and within the limits; or why not. Only subscriptions: everything else belongs to `/graphql`. */
  begin(caller: Verified, request: LiveRequest): LiveOperation | readonly GraphQLError[];
  format(errors: readonly GraphQLError[]): readonly GraphQLFormattedError[];
  formatResult(result: Result): FormattedExecutionResult;
}

export interface LiveOptions {
  readonly schema: GraphQLSchema;
  readonly app: Omit<GraphQLContext, "caller" | "takeProbe">;
  readonly verifyToken: TokenVerifier;
  readonly introspection: boolean;
  readonly seats: Seats;
  readonly limits: RateLimits;
  readonly documents: TrustedDocuments;
  readonly log: FastifyBaseLogger;
}

const RETRY_LATER_MS = 30_000;
const MAX_ERRORS = 10;

export function createLiveOperations({
  schema,
  app,
  verifyToken,
  introspection,
  seats,
  limits,
  documents,
  log,
}: LiveOptions): LiveOperations {
  const rules = [...specifiedRules, documentLimits, queryLimits, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];

  function documentOf(request: LiveRequest): DocumentNode | readonly GraphQLError[] {
    const fault = faultOf(request);
    if (fault !== null) return [badUserInput(fault)];
    const found = documents.find(request);
    if (!found.ok) return [badUserInput(found.message)];
    const { query } = found;
    if (typeof query !== "string") return [badUserInput("Send the operation as `query`.")];
    try {
      const document = parse(query, { maxTokens: MAX_TOKENS });
      const errors = validate(schema, document, rules, { maxErrors: MAX_ERRORS });
      return errors.length === 0 ? document : toldOf(errors).map(({ message }) => badUserInput(message));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return [badUserInput(error.message)];
    }
  }

  const format = (errors: readonly GraphQLError[]): readonly GraphQLFormattedError[] => {
    const id = randomUUID();
    const one = createFormatError({
      requestId: () => id,
      logBug: (error, requestId) => log.error({ err: error, requestId }, "unexpected error"),
    });
    return errors.map((error) => one(error.toJSON(), error));
  };

  return {
    async authenticate(authorization) {
      const token = typeof authorization === "string" ? bearerToken(authorization) : undefined;
      return token == null ? null : verifyToken(token);
    },
    begin({ caller }, request) {
      const tenant = tenantOf(caller);
      const waitMs = Math.max(limits.subscriptions.take(tenant), limits.refusals.wait(tenant));
      if (waitMs > 0) return [rateLimited(waitMs)];
      const document = documentOf(request);
      if (!("kind" in document)) {
        limits.refusals.take(tenant);
        return document;
      }
      const { operationName, variables } = request;
      const operation = getOperationAST(document, typeof operationName === "string" ? operationName : null);
      if (operation === null || operation === undefined) return [badUserInput("Name the operation with `operationName`.")];
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
        return [badUserInput("Only subscriptions are served here; send queries and mutations to /graphql.")];
      }
      const leave = seats.take(tenant);
      if (leave === null) return [rateLimited(RETRY_LATER_MS)];
      const contextValue: GraphQLContext = {
        ...app,
        useCases: { ...app.useCases, queries: app.queriesAnew() },
        caller,
        takeProbe: () => {
          throw badUserInput("A subscription probes no key.");
        },
      };
      return {
        leave,
        args: {
          schema,
          document,
          contextValue,
          operationName: operation.name?.value ?? null,
          variableValues: isRecord(variables) ? variables : null,
        },
      };
    },
    format,
    formatResult: ({ data, errors }) => ({
      ...(errors === undefined ? {} : { errors: format(errors) }),
      ...(data === undefined ? {} : { data }),
    }),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
