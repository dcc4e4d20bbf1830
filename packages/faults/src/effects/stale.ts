import type { Effect } from "../exchange.js";

/** Answers from a replica that has not heard of the key's last change. */
export const stale: Effect = {
  name: "stale",
  async apply(_decision, exchange) {
    exchange.send(await exchange.proceed({ stale: true }));
  },
};
