import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode } from "graphql";
import type { RateLimits } from "../http/rate-limits.js";
import { tenantOf } from "../http/rate-limits.js";
import type { GraphQLContext } from "./context.js";
import { rootFieldsOf } from "./document-limits.js";
import { badRequest, tooManyRequests } from "./errors/top-level-errors.js";

/** Each has an effect of its own, and is counted. */
export const MAX_MUTATIONS = 10;

/** Of documents that cannot be run, by Apollo's names. */
const UNRUNNABLE: ReadonlySet<unknown> = new Set(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"]);

/** Counts what a tenant asks for: queries, each mutation, and documents that cannot be run. */
export const limitRates = ({ queries, mutations, refusals }: RateLimits): ApolloServerPlugin<GraphQLContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, document, operation }) => {
      if (operation === undefined) return;
      const tenant = tenantOf(contextValue.caller);
      if (operation.operation !== OperationTypeNode.MUTATION) return admit(queries.take(tenant));
      const count = rootFieldsOf(document, operation);
      if (count > MAX_MUTATIONS) throw badRequest(`The operation holds ${count} mutations; ${MAX_MUTATIONS} are allowed.`);
      admit(mutations.take(tenant, count));
    },
    didEncounterErrors: async ({ contextValue, errors }) => {
      if (errors.some(({ extensions }) => UNRUNNABLE.has(extensions["code"]))) refusals.take(tenantOf(contextValue.caller));
    },
  }),
});

function admit(waitMs: number): void {
  if (waitMs > 0) throw tooManyRequests(waitMs);
}
