import { describe, expect, it } from "vitest";
import type { Answer, Exchange, Variation } from "../exchange.js";
import type { Decision } from "../plan.js";
import { effectOf, type FaultRule } from "../rule.js";
import { effectNamed } from "./index.js";

/** What an effect did to the exchange, in order. */
async function apply(rule: FaultRule): Promise<unknown[]> {
  const log: unknown[] = [];
  const answer = (body: string): Answer => ({ status: 200, headers: {}, body: Buffer.from(body) });
  const exchange: Exchange = {
    async proceed(variation: Variation = {}) {
      log.push(["proceed", variation]);
      return answer("0123456789");
    },
    errorAnswer: (error) => ({ ...answer(error.code), status: error.statusCode }),
    send: ({ status, body }) => log.push(["send", status, body.toString()]),
    sendPart: ({ status }, bytes) => log.push(["sendPart", status, bytes]),
    reset: () => log.push(["reset"]),
    hold: async () => {
      log.push(["hold"]);
    },
  };
  const decision: Decision = {
    rule,
    effect: effectOf(rule),
    latencyMs: 0,
    error: rule.error ?? { statusCode: 503, code: "ServiceUnavailable" },
  };
  await effectNamed(decision.effect).apply(decision, exchange);
  return log;
}

describe("effects", () => {
  const error = { statusCode: 400, code: "ThrottlingException" };
  it.each<[string, FaultRule, unknown[]]>([
    ["error", { error }, [["send", 400, "ThrottlingException"]]],
    ["error by default", {}, [["send", 503, "ServiceUnavailable"]]],
    ["reset", { effect: "reset" }, [["reset"]]],
    ["black-hole", { effect: "black-hole" }, [["hold"]]],
    [
      "truncate",
      { effect: "truncate" },
      [
        ["proceed", {}],
        ["sendPart", 200, 5],
      ],
    ],
    [
      "wrong-key",
      { effect: "wrong-key" },
      [
        ["proceed", { wrongKey: true }],
        ["send", 200, "0123456789"],
      ],
    ],
    [
      "stale",
      { effect: "stale" },
      [
        ["proceed", { stale: true }],
        ["send", 200, "0123456789"],
      ],
    ],
    [
      "delay",
      { latencyMs: 1 },
      [
        ["proceed", {}],
        ["send", 200, "0123456789"],
      ],
    ],
  ])("%s", async (_name, rule, log) => {
    expect(await apply(rule)).toEqual(log);
  });

  it("html answers a proxy's page, with the rule's status", async () => {
    expect(await apply({ effect: "html" })).toEqual([["send", 502, expect.stringContaining("<html>")]]);
    expect(await apply({ effect: "html", error: { statusCode: 504, code: "x" } })).toEqual([["send", 504, expect.anything()]]);
  });
});
