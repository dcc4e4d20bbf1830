import type { Effect } from "../exchange.js";

/** Breaks the connection (TCP reset); the call is not carried out. */
export const reset: Effect = {
  name: "reset",
  async apply(_decision, exchange) {
    exchange.reset();
  },
};
