import type { KmsOutcome } from "@ekm/ekm";
import { createMemoryKeyService, type KeyServiceCode } from "@ekm/ekm/testing";
import { describe, expect, it } from "vitest";
import { createRetryBudget } from "./retry-budget.js";
import { createRetry, vendorKeysWithRetries, withRetries } from "./with-retries.js";

function setUp(maxAttempts = 3) {
  const kms = createMemoryKeyService();
  const waits: number[] = [];
  const closing = new AbortController();
  const retry = createRetry({
    maxAttempts,
    budget: createRetryBudget(),
    signal: closing.signal,
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.999_999,
  });
  return { kms, waits, closing, retry, service: withRetries(kms.keyService, retry), arn: kms.addKey().arn };
}
const CONTEXT = { "ekm:account": "acc_1" };

describe("retries", () => {
  it.each([
    "KMS_THROTTLED",
    "KMS_UNREACHABLE",
    "KMS_INTERNAL",
    "KEY_UNAVAILABLE",
    "EXTERNAL_KEY_STORE_UNREACHABLE",
    "VENDOR_AWS_FAULT",
  ] as const)("tries again after %s", async (code) => {
    const { kms, service, arn } = setUp();
    kms.failNext("encrypt", code, 2);
    expect((await service.encrypt(arn, new Uint8Array([1]), CONTEXT)).ok).toBe(true);
    expect(kms.countOf("encrypt")).toBe(3);
  });

  it.each([
    "KEY_DISABLED",
    "KEY_ACCESS_DENIED",
    "KMS_ANSWER_INVALID",
    "ACCOUNT_KEY_UNREADABLE",
    "INPUT_INVALID",
    "INTERNAL",
  ] satisfies KeyServiceCode[])("takes %s for an answer", async (code) => {
    const { kms, service, arn } = setUp();
    kms.failNext("describeKey", code);
    expect(await service.describeKey(arn)).toMatchObject({ ok: false, error: { code } });
    expect(kms.countOf("describeKey")).toBe(1);
  });

  it("gives up after the last attempt, with growing jittered waits under a second", async () => {
    const { kms, waits, service, arn } = setUp(9);
    kms.key(arn).failWith = "KMS_THROTTLED";
    expect(await service.generateDataKey(arn, CONTEXT)).toMatchObject({ ok: false, error: { code: "KMS_THROTTLED" } });
    expect(kms.countOf("generateDataKey")).toBe(9);
    expect(waits.map((ms) => Math.round(ms))).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 1000]);
  });

  it("keeps retries of a long outage under half the calls, key by key", async () => {
    const { kms, service, arn } = setUp();
    const other = kms.addKey().arn;
    kms.key(arn).failWith = "KMS_UNREACHABLE";
    for (let n = 0; n < 200; n++) await service.decrypt(arn, new Uint8Array(64), CONTEXT);
    expect(kms.countOf("decrypt")).toBeLessThanOrEqual(200 * 1.2 + 10);
    kms.calls.length = 0;
    kms.key(other).failWith = "KMS_UNREACHABLE";
    await service.decrypt(other, new Uint8Array(64), CONTEXT);
    expect(kms.countOf("decrypt")).toBe(3);
  });

  it("begins no retry once it is closing", async () => {
    const { kms, service, closing, arn } = setUp();
    kms.key(arn).failWith = "KMS_UNREACHABLE";
    closing.abort();
    await service.encrypt(arn, new Uint8Array([1]), CONTEXT);
    expect(kms.countOf("encrypt")).toBe(1);
  });

  it("covers every call of both ports", async () => {
    const { kms, retry, service, arn } = setUp();
    const to = kms.addKey().arn;
    const sealed = kms.key(arn).seal(new Uint8Array(32), CONTEXT);
    const vendor = vendorKeysWithRetries(kms.vendorKeys, retry);
    const calls: Record<string, () => Promise<KmsOutcome<unknown>>> = {
      generateDataKey: () => service.generateDataKey(arn, CONTEXT),
      encrypt: () => service.encrypt(arn, new Uint8Array([1]), CONTEXT),
      decrypt: () => service.decrypt(arn, sealed, CONTEXT),
      reEncrypt: () =>
        service.reEncrypt({ fromKeyArn: arn, toKeyArn: to, ciphertext: sealed, fromContext: CONTEXT, toContext: CONTEXT }),
      describeKey: () => service.describeKey(arn),
      createKey: () => vendor.createKey("acc_1"),
      scheduleDeletion: () => vendor.scheduleDeletion(arn),
    };
    for (const [operation, call] of Object.entries(calls)) {
      kms.failNext(operation as "encrypt", "KMS_THROTTLED");
      expect((await call()).ok, operation).toBe(true);
    }
  });
});

describe("the retry budget", () => {
  it("forgets full buckets and the longest untouched ones, so that it stays small", () => {
    const budget = createRetryBudget();
    for (let n = 0; n < 10; n++) expect(budget.spend("first")).toBe(true);
    expect(budget.spend("first")).toBe(false);
    for (let n = 0; n < 10_000; n++) budget.spend(`other-${n}`);
    expect(budget.spend("first")).toBe(true);
  });

  it("earns one retry from five calls", () => {
    const budget = createRetryBudget();
    while (budget.spend("key"));
    for (let n = 0; n < 4; n++) budget.earn("key");
    expect(budget.spend("key")).toBe(false);
    budget.earn("key");
    budget.earn("key");
    expect(budget.spend("key")).toBe(true);
  });
});
