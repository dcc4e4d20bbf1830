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
import { requestScope } from "../http/request-scope.js";
import type { GraphQLContext } from "./context.js";
import { createFormatError } from "./errors/format-error.js";
import { MAX_TOKENS, queryLimits } from "./query-limits.js";
import { readOnce } from "./read-once.js";
import { requireCaller } from "./require-caller.js";
import { statusByMediaType } from "./status-by-media-type.js";

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly server: FastifyInstance;
  readonly introspection: boolean;
  readonly log: FastifyBaseLogger;
}

/** Nothing is reported to anybody outside, no request is batched, and no stack leaves the process. */
export function createApollo({ schema, server, introspection, log }: ApolloOptions): ApolloServer<GraphQLContext> {
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
    validationRules: [queryLimits],
    validationOptions: { maxErrors: 10 },
    logger: log,
    formatError: createFormatError({
      requestId: () => requestScope.getStore()?.requestId ?? "unknown",
      logBug: (error, requestId) => log.error({ err: error, requestId }, "unexpected error"),
    }),
    plugins: [
      requireCaller,
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
