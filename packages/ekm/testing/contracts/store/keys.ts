import { describe, expect, it } from "vitest";
import { type KeyWrap, MAX_WRAPS_PER_GENERATION, WRAP_BLOCK } from "../../../src/keys/generation.js";
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

    it("notes of one generation that it was left behind, and why", async () => {
      const id = await accountWithGenerations(1, 2);
      const other = await accountWithGenerations(1);
      await store().transaction((tx) => tx.keys.leaveGeneration(id, 1, "ACCOUNT_KEY_UNREADABLE"));
      expect(await store().read.keys.generations(id)).toStrictEqual([
        generation(id, 1, { leftBecause: "ACCOUNT_KEY_UNREADABLE" }),
        generation(id, 2),
      ]);
      expect(await store().read.keys.generation(other, 1)).toStrictEqual(generation(other, 1));
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

    it("has one current wrap of a generation at most", async () => {
      const id = await accountWithGenerations(1);
      await store().transaction((tx) => tx.keys.insertWrap(wrap(id, 1)));
      const second = store().transaction((tx) => tx.keys.insertWrap(wrap(id, 1, { keyArn: OTHER_ARN })));
      await expect(second).rejects.toBeInstanceOf(StoreError);
      await store().transaction((tx) => tx.keys.insertWrap(wrap(id, 1, { keyArn: OTHER_ARN, state: "SUPERSEDED" })));
      expect(await store().read.keys.currentWrap(id, 1)).toMatchObject({ keyArn: ARN });
    });

    it("serves only the current wrap", async () => {
      const id = await accountWithGenerations(1, 2);
      const current = wrap(id, 1);
      await store().transaction(async (tx) => {
        await tx.keys.insertWrap(wrap(id, 1, { keyArn: OTHER_ARN, state: "PENDING" }));
        await tx.keys.insertWrap(current);
        await tx.keys.insertWrap(wrap(id, 2, { state: "PENDING" }));
        await tx.keys.insertWrap(wrap(id, 2, { keyArn: OTHER_ARN, state: "SUPERSEDED" }));
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

    it("switches keys: what was current is superseded, where there is a pending wrap, and there alone", async () => {
      const id = await accountWithGenerations(1, 2, 3, 4);
      const other = await accountWithGenerations(1);
      const THIRD_ARN = `${ARN}-third`;
      const current = [1, 2, 3].map((number) => wrap(id, number));
      const pending = [1, 2, 4].map((number) => wrap(id, number, { keyArn: OTHER_ARN, state: "PENDING" }));
      const oldest = wrap(id, 1, { keyArn: THIRD_ARN, state: "SUPERSEDED" });
      const alsoPending = wrap(id, 2, { keyArn: THIRD_ARN, state: "PENDING" });
      const foreign = wrap(other, 1);
      await store().transaction(async (tx) => {
        for (const one of [...current, ...pending, oldest, alsoPending, foreign]) await tx.keys.insertWrap(one);
        expect(await tx.keys.promoteWraps(id, OTHER_ARN)).toBe(3);
        expect(await tx.keys.promoteWraps(id, OTHER_ARN), "again: nothing changes").toBe(0);
      });
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      const [one, two, three] = current;
      expect([...(await store().read.keys.wraps(id))].sort(byId)).toEqual(
        [
          { ...one, state: "SUPERSEDED" },
          { ...two, state: "SUPERSEDED" },
          three,
          ...pending.map((promoted) => ({ ...promoted, state: "CURRENT" })),
          oldest,
          alsoPending,
        ].sort((a, b) => byId(a as KeyWrap, b as KeyWrap)),
      );
      expect((await store().read.keys.currentWrap(id, 1))?.keyArn).toBe(OTHER_ARN);
      expect((await store().read.keys.currentWrap(id, 3))?.keyArn).toBe(ARN);
      expect(await store().read.keys.wraps(other)).toStrictEqual([foreign]);
    });

    it("switches back and forth: a superseded wrap is gone before its key comes again", async () => {
      const id = await accountWithGenerations(1);
      await store().transaction(async (tx) => {
        await tx.keys.insertWrap(wrap(id, 1));
        await tx.keys.insertWrap(wrap(id, 1, { keyArn: OTHER_ARN, state: "PENDING" }));
        await tx.keys.promoteWraps(id, OTHER_ARN);
        expect(await tx.keys.deleteWraps(id, ARN, "CURRENT")).toBe(0);
        expect(await tx.keys.deleteWraps(id, ARN, "SUPERSEDED")).toBe(1);
        await tx.keys.insertWrap(wrap(id, 1, { state: "PENDING" }));
        expect(await tx.keys.promoteWraps(id, ARN)).toBe(1);
      });
      expect(await store().read.keys.wraps(id)).toMatchObject([
        { keyArn: OTHER_ARN, state: "SUPERSEDED" },
        { keyArn: ARN, state: "CURRENT" },
      ]);
    });

    it("deletes one generation's wrap under one key, and nothing when it is not there", async () => {
      const id = await accountWithGenerations(1, 2);
      const kept = [wrap(id, 1, { keyArn: OTHER_ARN, state: "PENDING" }), wrap(id, 2)];
      await store().transaction(async (tx) => {
        for (const one of [wrap(id, 1), ...kept]) await tx.keys.insertWrap(one);
      });
      for (let times = 0; times < 2; times += 1) await store().transaction((tx) => tx.keys.deleteWrap(id, 1, ARN));
      expect(await store().read.keys.wraps(id)).toStrictEqual(kept);
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
      for (let times = 0; times < 2; times += 1) await store().transaction((tx) => tx.keys.deleteCanary(id, ARN));
      expect(await store().read.keys.canary(id, ARN)).toBeNull();
      expect(await store().read.keys.canary(id, OTHER_ARN)).toStrictEqual(other);
    });
  });
}
