import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphQLContext } from "./context.js";

const RESPONSE_TYPE = "application/graphql-response+json";

/** Apollo's names for a document, or variables, that cannot be run. */
const CANNOT_RUN: ReadonlySet<unknown> = new Set(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"]);

/**
 * A client that accepts plain `application/json` alone takes every other status than 200 for an answer of some proxy; so a
 * document that cannot be run is told with 200 there, and with 400 in GraphQL's own media type (GraphQL over HTTP, 6.4).
 */
export const statusByMediaType: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, errors = [] }) => {
      const accepted = request.http?.headers.get("accept") ?? "";
      const cannotRun = errors.length > 0 && errors.every(({ extensions }) => CANNOT_RUN.has(extensions["code"]));
      if (cannotRun && response.http.status === 400 && !accepted.includes(RESPONSE_TYPE)) response.http.status = 200;
    },
  }),
};
