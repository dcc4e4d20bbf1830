import type { Effect } from "../exchange.js";

/** Carries the call out, but the answer names another key. */
export const wrongKey: Effect = {
  name: "wrong-key",
  async apply(_decision, exchange) {
    exchange.send(await exchange.proceed({ wrongKey: true }));
  },
};
