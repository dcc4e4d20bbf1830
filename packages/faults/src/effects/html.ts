import type { Effect } from "../exchange.js";

const PAGE = "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>\n";

/** A proxy on the road answers a page of HTML in the service's place: the rule's status, 502 by default. */
export const html: Effect = {
  name: "html",
  async apply(decision, exchange) {
    exchange.send({
      status: decision.rule.error?.statusCode ?? 502,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: Buffer.from(PAGE),
    });
  },
};
