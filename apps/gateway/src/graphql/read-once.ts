import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode } from "graphql";
import type { GraphQLContext } from "./context.js";

/** A query shows one moment, and reads each thing once. A mutation's answer is read anew: what it shows has just changed. */
export const readOnce: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, operation }) => {
      if (operation?.operation !== OperationTypeNode.QUERY) return;
      const { useCases, queriesOnce } = contextValue;
      Object.assign(contextValue, { useCases: { ...useCases, queries: queriesOnce() } });
    },
  }),
};
