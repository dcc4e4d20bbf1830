import type { Effect } from "../exchange.js";

/** Nothing but the latency, which has already passed. */
export const delay: Effect = {
  name: "delay",
  async apply(_decision, exchange) {
    exchange.send(await exchange.proceed());
  },
};
