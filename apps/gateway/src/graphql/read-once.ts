import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode } from "graphql";
import type { GraphQLContext } from "./context.js";

/**
 * A query shows one moment, and reads each thing once. A mutation's answer is read anew: what it shows has just changed. Either has queries of
 * its own, by which support's look at an account is noted once.
 */
export const readOnce: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, operation }) => {
      const { useCases, queriesOnce, queriesAnew } = contextValue;
      const queries = operation?.operation === OperationTypeNode.QUERY ? queriesOnce() : queriesAnew();
      Object.assign(contextValue, { useCases: { ...useCases, queries } });
    },
  }),
};
