import { createMemoryKeyService } from "@ekm/ekm/testing";
import { describe, expect, it } from "vitest";
import { withConcurrency } from "./with-concurrency.js";

const CONTEXT = { "ekm:account": "acc_1" };
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(perKey: number, maxWaitMs = 10_000) {
  const kms = createMemoryKeyService();
  const slow = kms.addKey().arn;
  const quick = kms.addKey().arn;
  const held: (() => void)[] = [];
  kms.hooks.before = (call) => (call.keyArn === slow ? new Promise((resolve) => held.push(resolve)) : undefined);
  return { kms, slow, quick, held, service: withConcurrency(kms.keyService, { perKey, maxWaitMs }) };
}

describe("the cap on calls in flight", () => {
  it("lets so many calls of one key through, in order, and holds up no other key", async () => {
    const { kms, slow, quick, held, service } = setUp(2);
    const done: number[] = [];
    const all = [1, 2, 3, 4].map((n) => service.generateDataKey(slow, CONTEXT).then(() => done.push(n)));
    await settle();
    expect(kms.countOf("generateDataKey")).toBe(2);
    expect((await service.generateDataKey(quick, CONTEXT)).ok).toBe(true);
    while (done.length < 4) {
      held.shift()?.();
      await settle();
      expect(held.length).toBeLessThanOrEqual(2);
    }
    await Promise.all(all);
    expect(done).toEqual([1, 2, 3, 4]);
  });

  it("fails a call whose turn does not come, and gives its place to nobody", async () => {
    const { slow, held, service } = setUp(1, 5);
    const first = service.describeKey(slow);
    expect(await service.describeKey(slow)).toMatchObject({
      ok: false,
      error: { code: "KMS_UNREACHABLE", failureClass: "transient" },
    });
    held.shift()?.();
    expect((await first).ok).toBe(true);
    const next = service.describeKey(slow);
    await settle();
    held.shift()?.();
    expect((await next).ok).toBe(true);
  });
});
