import type { Effect } from "../exchange.js";

/** Carries the call out, then loses the second half of the answer's body. */
export const truncate: Effect = {
  name: "truncate",
  async apply(_decision, exchange) {
    const answer = await exchange.proceed();
    exchange.sendPart(answer, Math.floor(answer.body.length / 2));
  },
};
