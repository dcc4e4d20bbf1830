import type { Effect } from "../exchange.js";

/** Accepts the call and never answers; it is not carried out. */
export const blackHole: Effect = {
  name: "black-hole",
  apply: (_decision, exchange) => exchange.hold(),
};
