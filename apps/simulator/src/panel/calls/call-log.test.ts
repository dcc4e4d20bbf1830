import type { AccountView, CallEvent, KeyView } from "@ekm/mock-aws";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../world/world.js";
import { createCallLog } from "./call-log.js";

const ARN = "arn:aws:kms:us-east-1:111111111111:key/1";
const call: CallEvent = {
  seq: 1,
  at: "2026-01-01T00:00:00.000Z",
  kind: "call",
  requestId: "r",
  service: "kms",
  operation: "Decrypt",
  region: "us-east-1",
  callerAccountId: "222222222222",
  callerArn: null,
  keyArn: ARN,
  ownerAccountId: "111111111111",
  encryptionContext: null,
  outcome: "ok",
  status: 200,
  rule: null,
  durationMs: 1,
};
const key = { state: "Enabled", visibleState: "Enabled", externalKey: "ok" };
function world(owner: Partial<AccountView> = {}, caller: Partial<AccountView> = {}, more: Partial<KeyView> = {}): Snapshot {
  return {
    accounts: new Map([
      ["111111111111", { id: "111111111111", name: "customer", status: "ACTIVE", ...owner } as AccountView],
      ["222222222222", { id: "222222222222", name: "vendor", status: "ACTIVE", ...caller } as AccountView],
    ]),
    keys: new Map([[ARN, { ...key, ...more } as KeyView]]),
    rules: [],
    latencyMs: 0,
  };
}

describe("the log of calls", () => {
  it("keeps the last 500, however many there are", () => {
    const log = createCallLog();
    for (let seq = 1; seq <= 2_345; seq++) log.add({ ...call, seq }, world());
    expect([log.lines.length, log.lines[0]?.seq, log.lines.at(-1)?.seq]).toEqual([500, 1_846, 2_345]);
  });

  it.each([
    ["a call that went well", {}, world(), null],
    [
      "a rule",
      { outcome: "reset", rule: { keyArn: ARN, effect: "reset" } },
      world(),
      "rule: every call on this key has its connection reset",
    ],
    [
      "a call that a rule only slowed down",
      { rule: { service: "kms", latencyMs: 2_000 } },
      world(),
      "rule: every call of KMS comes 2.0 s late",
    ],
    ["the key's state", { outcome: "DisabledException" }, world({}, {}, { visibleState: "Disabled" }), "the key is Disabled"],
    [
      "a state that came into sight since",
      { outcome: "DisabledException" },
      world({}, {}, { state: "Disabled" }),
      "the key is Disabled",
    ],
    [
      "the owner",
      { outcome: "AccessDeniedException" },
      world({ status: "SUSPENDED" }),
      "the AWS account that owns the key is suspended",
    ],
    ["the caller", { outcome: "OptInRequired" }, world({}, { status: "SUSPENDED" }), "the caller's AWS account is suspended"],
    ["the policy", { outcome: "AccessDeniedException" }, world(), "the key's policy does not allow it to the caller"],
    [
      "the external key",
      { outcome: "KMSInvalidStateException" },
      world({}, {}, { externalKey: "denied" }),
      "the external key behind it is denied",
    ],
    ["what it cannot tell", { outcome: "ValidationException" }, world(), null],
  ])("names %s as the cause", (_, more, snapshot, expected) => {
    const line = createCallLog().add({ ...call, ...more } as CallEvent, snapshot);
    expect(line.cause?.text ?? null).toBe(expected);
    expect(line).toMatchObject({ caller: "vendor", account: "customer", keyArn: ARN, isRefused: line.outcome !== "ok" });
  });
});
