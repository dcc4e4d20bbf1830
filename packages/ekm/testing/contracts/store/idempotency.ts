import { describe, expect, it } from "vitest";
import type { IdempotencyRecord, IdempotencyResult } from "../../../src/idempotency/record.js";
import type { Store } from "../../../src/ports/store.js";
import { at, insertAccount } from "./fixtures.js";

const done: IdempotencyResult = { ok: true, entityId: "bkp_1" };
const refused: IdempotencyResult = {
  ok: false,
  rejections: [
    { code: "KEYS_LOCKED", message: "No — “locked”.", field: ["input", "keyArn"], retryAfterMs: 500 },
    { code: "INPUT_INVALID", message: "No." },
  ],
  checks: [
    { check: "ARN_FORM", verdict: "PASS", message: "It is an ARN." },
    { check: "DECRYPT", verdict: "FAIL", code: "KEY_DISABLED", message: "No.", remedy: "Enable it." },
  ],
};

export function idempotencyContract(store: () => Store): void {
  const record = (over: Partial<IdempotencyRecord> = {}): IdempotencyRecord => ({
    scope: "acc_1",
    operation: "startBackup",
    key: "key ' 1",
    bodyHash: "ab".repeat(32),
    claimedAt: at(10),
    ...over,
  });
  const find = ({ scope, operation, key }: IdempotencyRecord) => store().read.idempotency.find(scope, operation, key);
  const claim = (one: IdempotencyRecord, voidBefore = at(0)) =>
    store().transaction((tx) => tx.idempotency.claim(one, voidBefore));
  const complete = (one: IdempotencyRecord, result = done) => store().transaction((tx) => tx.idempotency.complete(one, result));
  const release = (one: IdempotencyRecord) => store().transaction((tx) => tx.idempotency.release(one));
  const deleteBefore = (before: Date, limit = 100) => store().transaction((tx) => tx.idempotency.deleteBefore(before, limit));

  describe("idempotency records", () => {
    it("answers null for what is unknown, and keeps every field of a claim and of its result", async () => {
      expect(await find(record())).toBeNull();
      for (const result of [done, refused]) {
        const one = record({ key: result === done ? "1" : "2" });
        expect(await claim(one)).toBe(true);
        expect(await find(one)).toStrictEqual(one);
        expect(await complete(one, result)).toBe(true);
        expect(await find(one)).toStrictEqual({ ...one, result });
      }
    });

    it("tells scopes, operations and keys apart", async () => {
      const others = [record(), record({ scope: "support:x" }), record({ operation: "enableEkm" }), record({ key: "other" })];
      for (const one of others) expect(await claim(one)).toBe(true);
      for (const one of others) expect(await find(one)).toStrictEqual(one);
    });

    it("gives a claim to one of many that ask at once", async () => {
      const claims = await Promise.all(Array.from({ length: 10 }, (_, i) => claim(record({ claimedAt: at(10 + i) }))));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await find(record())).toStrictEqual(record({ claimedAt: at(10 + claims.indexOf(true)) }));
    });

    it("gives a void claim to one of many that take it over at once", async () => {
      await claim(record());
      const takers = Array.from({ length: 10 }, (_, i) => claim(record({ claimedAt: at(20 + i), bodyHash: `${i}` }), at(11)));
      const taken = await Promise.all(takers);
      expect(taken.filter(Boolean)).toHaveLength(1);
      const winner = taken.indexOf(true);
      expect(await find(record())).toStrictEqual(record({ claimedAt: at(20 + winner), bodyHash: `${winner}` }));
    });

    it("takes over nothing that was claimed at that time or later, nor what has a result", async () => {
      await claim(record());
      expect(await claim(record({ claimedAt: at(20) }), at(10))).toBe(false);
      expect(await find(record())).toStrictEqual(record());
      expect(await complete(record())).toBe(true);
      expect(await claim(record({ claimedAt: at(20) }), at(15))).toBe(false);
      expect(await find(record())).toStrictEqual({ ...record(), result: done });
    });

    it("refuses the result and the release of a holder whose claim was taken over", async () => {
      const [former, present] = [record(), record({ claimedAt: at(20) })];
      await claim(former);
      await claim(present, at(11));
      expect(await complete(former, refused)).toBe(false);
      await release(former);
      expect(await find(present)).toStrictEqual(present);
      expect(await complete(present)).toBe(true);
    });

    it("writes a result once, and none without a claim", async () => {
      expect(await complete(record())).toBe(false);
      expect(await find(record())).toBeNull();
      await claim(record());
      expect(await complete(record())).toBe(true);
      expect(await complete(record(), refused)).toBe(false);
      await release(record());
      expect(await find(record()), "a result is not released").toStrictEqual({ ...record(), result: done });
    });

    it("may be claimed again after a release", async () => {
      await claim(record());
      await release(record());
      expect(await find(record())).toBeNull();
      expect(await claim(record({ claimedAt: at(11) }))).toBe(true);
    });

    it("commits a result with its effect, or neither", async () => {
      const { id } = await insertAccount(store());
      await claim(record());
      const crash = store().transaction(async (tx) => {
        await tx.accounts.save({ ...(await insertedAccount(tx, id)), name: "Changed" });
        expect(await tx.idempotency.complete(record(), done)).toBe(true);
        throw new Error("crash");
      });
      await expect(crash).rejects.toThrow("crash");
      expect(await find(record())).toStrictEqual(record());
      expect(await store().read.accounts.byId(id)).toMatchObject({ name: "Acme", version: 0 });
    });

    it("removes records claimed before a time, the oldest first, at most so many", async () => {
      const records = [3, 1, 2, 4, 5].map((minutes) => record({ key: `${minutes}`, claimedAt: at(minutes) }));
      for (const one of records) await claim(one);
      await complete(record({ key: "1", claimedAt: at(1) }));
      const left = async () => (await Promise.all(records.map(find))).flatMap((one) => (one ? [one.key] : [])).sort();
      expect(await deleteBefore(at(5), 2)).toBe(2);
      expect(await left()).toEqual(["3", "4", "5"]);
      expect(await deleteBefore(at(5))).toBe(2);
      expect(await deleteBefore(at(5))).toBe(0);
      expect(await left()).toEqual(["5"]);
    });
  });
}

async function insertedAccount(tx: Pick<Store["read"], "accounts">, id: string) {
  const account = await tx.accounts.byId(id);
  if (account === null) throw new Error("gone");
  return account;
}
