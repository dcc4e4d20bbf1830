import type { Effect } from "../exchange.js";

/** Answers the rule's error; the call is not carried out. */
export const error: Effect = {
  name: "error",
  async apply(decision, exchange) {
    exchange.send(exchange.errorAnswer(decision.error));
  },
};
