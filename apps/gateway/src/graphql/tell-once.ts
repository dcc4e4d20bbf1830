import type { ApolloServerPlugin } from "@apollo/server";
import { toldOf } from "./document-limits.js";

/** A document that was refused at once is answered with the one reason. */
export const tellOnce: ApolloServerPlugin = {
  requestDidStart: async () => ({
    validationDidStart: async () => async (errors) => {
      // The answer is made of this very list.
      if (errors !== undefined) (errors as unknown[]).splice(0, errors.length, ...toldOf(errors as readonly never[]));
    },
  }),
};
