import type { CallEvent, ChangeEvent } from "@ekm/mock-aws";
import { describe, expect, it } from "vitest";
import { observeRevocation } from "./observed-revocation.js";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const iso = (ms: number): string => new Date(ms).toISOString();

function call(at: number, outcome: string, more: Partial<CallEvent> = {}): CallEvent {
  return {
    kind: "call",
    seq: at,
    at: iso(at),
    requestId: "",
    service: "kms",
    operation: "Decrypt",
    region: "us-east-1",
    callerAccountId: "1",
    callerArn: null,
    keyArn: KEY,
    ownerAccountId: "111122223333",
    encryptionContext: { "ekm:account": "acme" },
    outcome,
    status: outcome === "ok" ? 200 : 400,
    rule: null,
    durationMs: 5,
    ...more,
  };
}
function change(at: number, name: string, subject: ChangeEvent["subject"] = "key"): ChangeEvent {
  return { kind: "change", seq: at, at: iso(at), effectiveAt: iso(at), subject, id: KEY, change: name, state: null };
}
const observe = (calls: CallEvent[], changes: ChangeEvent[]) => observeRevocation({ calls, changes, accountId: "acme" }, 1000);

describe("a revocation told from AWS's log", () => {
  const off = change(2000, "DisableKey");

  it("begins with the last change before the first refused call, and ends with the next one", () => {
    const calls = [call(1500, "ok"), call(2500, "DisabledException")];
    const changes = [change(1200, "PutKeyPolicy"), off, change(9000, "EnableKey")];
    expect(observe(calls, changes)).toEqual({ act: "DisableKey", t0: 2000, t1: 2500, until: 9000 });
    expect(observe([call(2500, "ThrottlingException")], [change(2000, "add", "faults")])?.act).toBe("faults add");
  });

  it("counts a call that was on its way at the change as one before it", () => {
    expect(observe([call(2002, "ok"), call(2500, "DisabledException")], [off])?.t0).toBe(2000);
  });

  it.each<[string, CallEvent[], ChangeEvent[]]>([
    ["nothing was refused", [call(2500, "ok")], [off]],
    ["nothing was changed", [call(2500, "DisabledException")], []],
    ["the change came before the method", [call(2500, "DisabledException")], [change(900, "PutKeyPolicy")]],
    ["a call still succeeded after the change", [call(2300, "ok"), call(2500, "DisabledException")], [off]],
    ["a call succeeded after the refusal", [call(2500, "ThrottlingException"), call(2600, "ok")], [off]],
    [
      "only probes were refused: another's context, none, DescribeKey",
      [
        call(2500, "AccessDeniedException", { encryptionContext: { "ekm:account": "made-up" } }),
        call(2501, "AccessDeniedException", { encryptionContext: null }),
        call(2502, "AccessDeniedException", { operation: "DescribeKey" }),
      ],
      [off],
    ],
  ])("is none where %s", (_, calls, changes) => {
    expect(observe(calls, changes)).toBeUndefined();
  });
});
