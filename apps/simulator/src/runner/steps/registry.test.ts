import { describe, expect, it } from "vitest";
import { reachOf, STEP_KINDS, stepSchema } from "./registry.js";
import { chosen } from "./step.js";

const EXAMPLES: Readonly<Record<string, object>> = {
  do: { do: { startBackup: "acme", maxBytesPerSecond: "2MB" }, expect: { job: "SUCCEEDED" } },
  eventually: { eventually: { do: { checkKeyHealth: "acme" }, expect: { health: "HEALTHY" }, within: "5s" } },
  aws: { aws: { putKeyPolicy: "main", policy: "none", as: "off" } },
  fault: { fault: { add: { key: "main", operation: "Decrypt", effect: "reset", lasts: "2s" }, as: "flaky" } },
  process: { process: { kill: "worker" } },
  store: { store: { damage: "latest", object: "manifest", how: "truncate", as: "hurt" } },
  db: { db: { snapshot: "before" } },
  clock: { clock: { advance: "aws", by: "8d", as: "later" } },
  listen: { listen: { to: "acme", as: "screen", role: "ACCOUNT_VIEWER" } },
  wait: { wait: { job: "r1", bytesDone: "25%" } },
  expect: { expect: { job: "r1", status: "FAILED", code: "KEY_DISABLED", within: "revocation-window", after: "off" } },
};

describe("the kinds of steps", () => {
  it("each have a key of their own and an example that is read as that kind and can be described", () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(STEP_KINDS.map(({ key }) => key).sort());
    for (const [key, example] of Object.entries(EXAMPLES)) {
      const kind = chosen(STEP_KINDS, example);
      expect(kind.key).toBe(key);
      const step = kind.schema.parse(example);
      expect(kind.describe(step)).toMatch(/\w/);
      expect(stepSchema.parse(example)).toEqual(step);
    }
  });

  it.each([
    ["process", "whole-stack"],
    ["db", "whole-stack"],
    ["clock", "whole-stack"],
    ["store", "own-stack"],
    ["aws", "account"],
    ["do", "account"],
    ["listen", "account"],
  ])("say how far they reach: %s %s", (key, reach) => {
    expect(reachOf(stepSchema.parse(EXAMPLES[key]))).toBe(reach);
  });

  it("reach everybody where the vendor, or a rule for any key, is meant", () => {
    const reach = (step: object) => reachOf(stepSchema.parse(step));
    expect(reach({ aws: { suspendAccount: "vendor" } })).toBe("whole-stack");
    expect(reach({ aws: { suspendAccount: "customer" } })).toBe("account");
    expect(reach({ fault: { add: { effect: "reset" } } })).toBe("whole-stack");
    expect(reach({ fault: { add: { effect: "reset", owner: "customer" } } })).toBe("account");
    expect(reach({ store: { fill: "full" } })).toBe("whole-stack");
  });

  it("are strict: a field too many is no step", () => {
    for (const example of Object.values(EXAMPLES)) expect(stepSchema.safeParse({ ...example, more: 1 }).success).toBe(false);
  });
});
