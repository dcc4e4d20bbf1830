import { describe, expect, it } from "vitest";
import { type Store, StoreError } from "../../../src/ports/store.js";
import { account, entry, insertAccount } from "./fixtures.js";

export function transactionsContract(store: () => Store): void {
  describe("transactions", () => {
    it("commits when the work resolves and answers its value", async () => {
      const made = account();
      const answer = await store().transaction(async (tx) => {
        await tx.accounts.insert(made);
        expect(await tx.accounts.byId(made.id), "sees its own writes").toEqual(made);
        expect(await store().read.accounts.byId(made.id), "nobody else does").toBeNull();
        return 42;
      });
      expect(answer).toBe(42);
      expect(await store().read.accounts.byId(made.id)).toEqual(made);
    });

    it("rolls everything back when the work rejects, and passes its error on", async () => {
      const made = await insertAccount(store());
      const bug = new Error("bug");
      const work = store().transaction(async (tx) => {
        await tx.accounts.save({ ...made, name: "Changed" });
        await tx.audit.append(made.id, new Date(), entry());
        throw bug;
      });
      await expect(work).rejects.toBe(bug);
      expect(await store().read.accounts.byId(made.id)).toEqual(made);
      expect(await store().read.audit.count(made.id, {})).toBe(0n);
    });

    it("works on after a roll-back", async () => {
      await expect(store().transaction(() => Promise.reject(new Error("first")))).rejects.toThrow("first");
      const made = await insertAccount(store());
      expect(await store().read.accounts.byId(made.id)).toEqual(made);
    });

    it("runs alone: what it read is still so when it writes", async () => {
      const made = await insertAccount(store(), { name: "0" });
      const addOne = () =>
        store().transaction(async (tx) => {
          const read = await tx.accounts.byId(made.id);
          if (!read) throw new Error("gone");
          expect(await tx.accounts.save({ ...read, name: String(Number(read.name) + 1) })).toBe(true);
        });
      await Promise.all(Array.from({ length: 25 }, addOne));
      expect(await store().read.accounts.byId(made.id)).toMatchObject({ name: "25", version: 25 });
    });

    it("answers StoreError for an id that exists already", async () => {
      const made = await insertAccount(store());
      await expect(store().transaction((tx) => tx.accounts.insert(made))).rejects.toBeInstanceOf(StoreError);
    });

    it("refuses writes outside a transaction", async () => {
      await expect(store().read.accounts.insert(account())).rejects.toBeInstanceOf(StoreError);
    });

    it("refuses a transaction's repositories once it has ended", async () => {
      let leaked: Parameters<Parameters<Store["transaction"]>[0]>[0] | undefined;
      await store().transaction(async (tx) => {
        leaked = tx;
      });
      await expect(leaked?.accounts.insert(account())).rejects.toBeInstanceOf(StoreError);
    });

    it("scrubs without losing anything", async () => {
      const made = await insertAccount(store());
      await store().scrub();
      expect(await store().read.accounts.byId(made.id)).toEqual(made);
    });
  });
}
