import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloDrainPlugin } from "@as-integrations/fastify";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { RateLimits } from "../http/rate-limits.js";
import { requestScope } from "../http/request-scope.js";
import type { GraphQLContext } from "./context.js";
import { documentLimits, MAX_TOKENS } from "./document-limits.js";
import { createFormatError } from "./errors/format-error.js";
import { limitRates } from "./limit-rates.js";
import { queryLimits } from "./query-limits.js";
import { readOnce } from "./read-once.js";
import { requireCaller } from "./require-caller.js";
import { statusByMediaType } from "./status-by-media-type.js";
import { tellOnce } from "./tell-once.js";

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly server: FastifyInstance;
  readonly introspection: boolean;
  readonly limits: RateLimits;
  readonly log: FastifyBaseLogger;
}

const MAX_ERRORS = 10;

/** Nothing is reported to anybody outside, no request is batched, and no stack leaves the process. */
export function createApollo({ schema, server, introspection, limits, log }: ApolloOptions): ApolloServer<GraphQLContext> {
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: "production",
    maxRecursiveSelections: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [documentLimits, queryLimits],
    validationOptions: { maxErrors: MAX_ERRORS },
    logger: log,
    formatError: createFormatError({
      requestId: () => requestScope.getStore()?.requestId ?? "unknown",
      logBug: (error, requestId) => log.error({ err: error, requestId }, "unexpected error"),
    }),
    plugins: [
      requireCaller,
      limitRates(limits),
      tellOnce,
      statusByMediaType,
      readOnce,
      fastifyApolloDrainPlugin(server),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
}
