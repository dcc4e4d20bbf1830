import type { ApolloServerPlugin } from "@apollo/server";
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { ANONYMOUS, type GraphQLContext } from "./context.js";
import { unauthenticated } from "./errors/top-level-errors.js";

/** Without a token the schema may be looked at (where introspection is on at all), and nothing may be asked. */
export const requireCaller: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ contextValue, document, operation }) => {
      const harmless = operation !== undefined && onlyIntrospects(document, operation.selectionSet);
      if (contextValue.caller === ANONYMOUS && !harmless) {
        throw unauthenticated("Send a bearer token in the Authorization header.");
      }
    },
  }),
};

/** The document has been validated: its fragments exist and do not contain themselves. */
function onlyIntrospects(document: DocumentNode, selectionSet: SelectionSetNode): boolean {
  return selectionSet.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith("__");
    if (selection.kind === Kind.INLINE_FRAGMENT) return onlyIntrospects(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (definition): definition is FragmentDefinitionNode =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment !== undefined && onlyIntrospects(document, fragment.selectionSet);
  });
}
