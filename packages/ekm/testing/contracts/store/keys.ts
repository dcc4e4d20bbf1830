import { describe, expect, it } from "vitest";
import { MAX_WRAPS_PER_GENERATION, WRAP_BLOCK } from "../../../src/keys/generation.js";
import { type Store, StoreError } from "../../../src/ports/store.js";
import { ARN, at, generation, insertAccount, OTHER_ARN, wrap } from "./fixtures.js";

export function keysContract(store: () => Store): void {
  const accountWithGenerations = async (...numbers: number[]) => {
    const { id } = await insertAccount(store());
    await store().transaction(async (tx) => {
      for (const number of numbers) await tx.keys.insertGeneration(generation(id, number));
    });
    return id;
  };
  const reserve = (id: string, number: number, count: number) =>
    store().transaction((tx) => tx.keys.reserveWraps(id, number, count));

  describe("key generations", () => {
    it("answers null, or nothing, for what is unknown", async () => {
      const { keys } = store().read;
      expect(await keys.generation("acc_unknown", 1)).toBeNull();
      expect(await keys.generations("acc_unknown")).toEqual([]);
      expect(await keys.wraps("acc_unknown")).toEqual([]);
      expect(await keys.currentWrap("acc_unknown", 1)).toBeNull();
      expect(await keys.canary("acc_unknown", ARN)).toBeNull();
    });

    it("lists an account's generations in ascending order, by number", async () => {
      const id = await accountWithGenerations(10, 9, 1);
      await accountWithGenerations(5);
      expect((await store().read.keys.generations(id)).map((one) => one.generation)).toEqual([1, 9, 10]);
      expect(await store().read.keys.generation(id, 9)).toStrictEqual(generation(id, 9));
    });

    it("has each number once in an account", async () => {
      const id = await accountWithGenerations(1);
      await expect(store().transaction((tx) => tx.keys.insertGeneration(generation(id, 1)))).rejects.toBeInstanceOf(StoreError);
    });

    it("closes a generation once: the first time counts", async () => {
      const id = await accountWithGenerations(1, 2);
      await store().transaction((tx) => tx.keys.closeGeneration(id, 1, at(50)));
      await store().transaction((tx) => tx.keys.closeGeneration(id, 1, at(60)));
      expect(await store().read.keys.generation(id, 1)).toStrictEqual(generation(id, 1, { closedAt: at(50) }));
      expect(await store().read.keys.generation(id, 2)).toStrictEqual(generation(id, 2));
    });

    it("reserves wraps up to 2^30 and not one more", async () => {
      const id = await accountWithGenerations(1, 2);
      expect(await reserve(id, 1, MAX_WRAPS_PER_GENERATION - WRAP_BLOCK)).toBe(true);
      expect(await reserve(id, 1, WRAP_BLOCK + 1)).toBe(false);
      expect(await reserve(id, 1, WRAP_BLOCK)).toBe(true);
      expect(await reserve(id, 1, 1)).toBe(false);
      expect(await store().read.keys.generation(id, 1)).toMatchObject({ reservedWraps: MAX_WRAPS_PER_GENERATION });
      expect(await store().read.keys.generation(id, 2)).toMatchObject({ reservedWraps: 0 });
    });

    it("reserves nothing in a generation that is closed or unknown", async () => {
      const id = await accountWithGenerations(1);
      await store().transaction((tx) => tx.keys.closeGeneration(id, 1, at(50)));
      expect(await reserve(id, 1, 1)).toBe(false);
      expect(await reserve(id, 2, 1)).toBe(false);
      expect(await store().read.keys.generation(id, 1)).toMatchObject({ reservedWraps: 0 });
    });

    it("gives every reservation its own block under concurrency", async () => {
      const id = await accountWithGenerations(1);
      await Promise.all(Array.from({ length: 20 }, () => reserve(id, 1, WRAP_BLOCK)));
      expect(await store().read.keys.generation(id, 1)).toMatchObject({ reservedWraps: 20 * WRAP_BLOCK });
    });
  });

  describe("key wraps", () => {
    it("keeps every byte and field, ascending by generation", async () => {
      const id = await accountWithGenerations(1, 2);
      const second = wrap(id, 2, { ciphertext: new Uint8Array(6144).fill(0xa5), rotationId: "rot_1", state: "PENDING" });
      const first = wrap(id, 1, { ciphertext: Uint8Array.from({ length: 256 }, (_, byte) => byte) });
      await store().transaction(async (tx) => {
        await tx.keys.insertWrap(second);
        await tx.keys.insertWrap(first);
      });
      expect(await store().read.keys.wraps(id)).toStrictEqual([first, second]);
    });

    it("serves only the current wrap", async () => {
      const id = await accountWithGenerations(1, 2);
      const current = wrap(id, 1);
      await store().transaction(async (tx) => {
        await tx.keys.insertWrap(wrap(id, 1, { keyArn: OTHER_ARN, state: "PENDING" }));
        await tx.keys.insertWrap(current);
        await tx.keys.insertWrap(wrap(id, 2, { state: "PENDING" }));
      });
      expect(await store().read.keys.currentWrap(id, 1)).toStrictEqual(current);
      expect(await store().read.keys.currentWrap(id, 2)).toBeNull();
    });

    it("refuses a second wrap of a generation under one key", async () => {
      const id = await accountWithGenerations(1);
      await store().transaction((tx) => tx.keys.insertWrap(wrap(id, 1)));
      const again = store().transaction((tx) => tx.keys.insertWrap(wrap(id, 1, { state: "PENDING" })));
      await expect(again).rejects.toBeInstanceOf(StoreError);
    });

    it("switches keys: the old wraps go, the pending ones of this account and key become current", async () => {
      const id = await accountWithGenerations(1, 2);
      const other = await accountWithGenerations(1);
      const pending = [1, 2].map((number) => wrap(id, number, { keyArn: OTHER_ARN, state: "PENDING" }));
      await store().transaction(async (tx) => {
        for (const number of [1, 2]) await tx.keys.insertWrap(wrap(id, number));
        for (const one of pending) await tx.keys.insertWrap(one);
        await tx.keys.insertWrap(wrap(other, 1, { keyArn: OTHER_ARN, state: "PENDING" }));
      });
      await store().transaction(async (tx) => {
        expect(await tx.keys.deleteWraps(id, ARN)).toBe(2);
        expect(await tx.keys.promoteWraps(id, OTHER_ARN)).toBe(2);
        expect(await tx.keys.promoteWraps(id, OTHER_ARN), "nothing is left to promote").toBe(0);
      });
      expect(await store().read.keys.wraps(id)).toEqual(pending.map((one) => ({ ...one, state: "CURRENT" })));
      expect(await store().read.keys.wraps(other)).toMatchObject([{ state: "PENDING" }]);
    });

    it("deletes the wraps of one key, of one state if asked", async () => {
      const id = await accountWithGenerations(1, 2);
      const kept = wrap(id, 1, { keyArn: OTHER_ARN });
      await store().transaction(async (tx) => {
        await tx.keys.insertWrap(kept);
        await tx.keys.insertWrap(wrap(id, 2));
        await tx.keys.insertWrap(wrap(id, 1, { state: "PENDING" }));
      });
      await store().transaction(async (tx) => {
        expect(await tx.keys.deleteWraps(id, ARN, "PENDING")).toBe(1);
        expect(await tx.keys.deleteWraps("acc_other", ARN)).toBe(0);
        expect(await tx.keys.deleteWraps(id, ARN)).toBe(1);
        expect(await tx.keys.deleteWraps(id, ARN)).toBe(0);
      });
      expect(await store().read.keys.wraps(id)).toStrictEqual([kept]);
    });
  });

  describe("canaries", () => {
    it("keeps one per account and key, the last one put", async () => {
      const { id } = await insertAccount(store());
      const canary = { accountId: id, keyArn: ARN, ciphertext: new Uint8Array([1, 2]), checkValue: "aa" };
      const other = { ...canary, keyArn: OTHER_ARN };
      const renewed = { ...canary, ciphertext: new Uint8Array([3]), checkValue: "bb" };
      for (const one of [canary, other, renewed]) await store().transaction((tx) => tx.keys.putCanary(one));
      expect(await store().read.keys.canary(id, ARN)).toStrictEqual(renewed);
      expect(await store().read.keys.canary(id, OTHER_ARN)).toStrictEqual(other);
    });
  });
}
