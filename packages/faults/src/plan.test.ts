import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultCall } from "./match.js";
import { createFaultPlan } from "./plan.js";
import type { FaultRule } from "./rule.js";

const call = (more: Partial<FaultCall> = {}): FaultCall => ({
  service: "kms",
  region: "us-east-1",
  operation: "Decrypt",
  keyArn: "key-a",
  accountId: "1",
  callerAccountId: "2",
  ...more,
});

function plan(rules: FaultRule[], seed: string | number = 1) {
  const clock = { ms: 0, now: () => clock.ms };
  const created = createFaultPlan({ seed, clock });
  created.add(rules);
  return { ...created, clock };
}

describe("which calls a rule is about", () => {
  it("an empty rule is about every call", () => {
    expect(plan([{}]).decide(call())?.effect).toBe("error");
    expect(plan([{}]).decide(call({ keyArn: undefined, accountId: undefined }))?.effect).toBe("error");
  });

  it.each([
    [{ service: "KMS" }, true],
    [{ service: "sts" }, false],
    [{ region: "us-east-1" }, true],
    [{ region: "eu-west-1" }, false],
    [{ operation: "Decrypt" }, true],
    [{ operation: "Encrypt" }, false],
    [{ keyArn: "key-a" }, true],
    [{ keyArn: "key-b" }, false],
    [{ accountId: "1" }, true],
    [{ accountId: "2" }, false],
    [{ callerAccountId: "2" }, true],
    [{ callerAccountId: "1" }, false],
    [{ service: "kms", operation: "Encrypt" }, false],
  ])("%j: %s", (rule, fires) => {
    expect(plan([rule]).decide(call()) !== null).toBe(fires);
  });

  it("a rule that names a key is not about a call without one", () => {
    expect(plan([{ keyArn: "key-a" }]).decide(call({ keyArn: undefined }))).toBeNull();
  });
});

describe("what a rule does", () => {
  it("answers LocalStack's error by default, else its own", () => {
    expect(plan([{}]).decide(call())?.error).toEqual({ statusCode: 503, code: "ServiceUnavailable" });
    const error = { statusCode: 400, code: "ThrottlingException", message: "slow down" };
    expect(plan([{ error, latencyMs: 5 }]).decide(call())).toMatchObject({ effect: "error", error, latencyMs: 5 });
  });

  it("with nothing but a latency it only delays; jitter adds between nothing and its size", () => {
    expect(plan([{ latencyMs: 100 }]).decide(call())).toMatchObject({ effect: "delay", latencyMs: 100 });
    const jittery = plan([{ jitterMs: 50, latencyMs: 10 }]);
    const latencies = Array.from({ length: 200 }, () => Number(jittery.decide(call())?.latencyMs));
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...latencies)).toBeLessThan(60);
    expect(Math.max(...latencies) - Math.min(...latencies)).toBeGreaterThan(30);
  });

  it("the first rule that fires decides; one that does not fire lets the next have its turn", () => {
    expect(plan([{ operation: "Encrypt" }, { effect: "reset" }, { effect: "html" }]).decide(call())?.effect).toBe("reset");
    expect(plan([{ probability: 0 }, { effect: "html" }]).decide(call())?.effect).toBe("html");
  });

  it("asked for one effect only, it leaves the other rules untouched", () => {
    const rules = plan([{ effect: "reset", count: 1 }, { effect: "stale" }]);
    expect(rules.decide(call(), "stale")?.effect).toBe("stale");
    expect(rules.decide(call())?.effect).toBe("reset");
  });
});

describe("how long a rule is in force", () => {
  it("fires `count` times", () => {
    const rules = plan([{ count: 2 }]);
    expect([1, 2, 3].map(() => rules.decide(call()) !== null)).toEqual([true, true, false]);
    expect(rules.list()).toEqual([]);
  });

  it("ends `durationMs` after it was added", () => {
    const rules = plan([{ durationMs: 1000 }]);
    rules.clock.ms = 999;
    expect(rules.decide(call())).not.toBeNull();
    rules.clock.ms = 1000;
    expect(rules.decide(call())).toBeNull();
    expect(rules.list()).toEqual([]);
  });

  it("add, replace, remove by value, clear", () => {
    const rules = plan([{ operation: "A" }]);
    rules.add([{ operation: "B", error: { statusCode: 400, code: "X" } }]);
    expect(rules.list()).toHaveLength(2);
    expect(rules.remove([{ error: { code: "X", statusCode: 400 }, operation: "B" }])).toBe(1);
    expect(rules.remove([{ operation: "Z" }])).toBe(0);
    expect(rules.list()).toEqual([{ operation: "A" }]);
    rules.replace([{ operation: "C" }]);
    expect(rules.list()).toEqual([{ operation: "C" }]);
    rules.clear();
    expect(rules.list()).toEqual([]);
  });
});

describe("decisions by chance", () => {
  const decisions = (rules: ReturnType<typeof plan>, keys: string[]) =>
    keys.map((keyArn) => [keyArn, rules.decide(call({ keyArn })) !== null] as const);

  it("are the same for the same seed, key by key, however calls on other keys are mixed in (property)", () => {
    const sequence = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), sequence, (seed, probability, keys) => {
        const rule = { probability, jitterMs: 5, effect: "error" as const };
        const mixed = decisions(plan([rule], seed), keys);
        for (const key of ["a", "b", "c"]) {
          const alone = decisions(
            plan([rule], seed),
            keys.filter((name) => name === key),
          );
          expect(mixed.filter(([name]) => name === key)).toEqual(alone);
        }
      }),
    );
  });

  it("differ between seeds and keep to the probability", () => {
    const outcome = (seed: number) =>
      decisions(plan([{ probability: 0.3 }], seed), Array(2000).fill("a")).map(([, fired]) => fired);
    const fired = outcome(1).filter(Boolean).length;
    expect(fired).toBeGreaterThan(500);
    expect(fired).toBeLessThan(700);
    expect(outcome(1)).toEqual(outcome(1));
    expect(outcome(1)).not.toEqual(outcome(2));
  });
});
