import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/events/event.js";
import type { Store } from "../../../src/ports/store.js";
import { at, insertAccount } from "./fixtures.js";

export function eventsContract(store: () => Store): void {
  const append = (accountId: string, over: Partial<AccountEvent> = {}, progress = false) =>
    store().transaction((tx) => tx.events.append({ accountId, kind: "KEYS_LOCKED", at: at(1), ...over }, progress));
  const since = (accountId: string, sequence = 0) => store().read.events.since(accountId, sequence, 100);

  describe("events", () => {
    it("has nothing of an unknown account", async () => {
      expect(await since("acc_unknown")).toEqual([]);
      expect(await store().read.events.heads(["acc_unknown"])).toEqual(new Map());
      expect(await store().read.events.heads([])).toEqual(new Map());
    });

    it("numbers each account's events from one, keeps every field, and reads on from a number, at most so many", async () => {
      const one = await insertAccount(store());
      const two = await insertAccount(store());
      await append(one.id);
      await append(two.id, { kind: "BACKUP_CHANGED", subject: "bkp_1", at: at(2) });
      await append(one.id, { kind: "ROTATION_CHANGED", subject: "rot_1", at: at(3) });
      expect(await since(one.id)).toStrictEqual([
        { accountId: one.id, sequence: 1, kind: "KEYS_LOCKED", at: at(1) },
        { accountId: one.id, sequence: 2, kind: "ROTATION_CHANGED", subject: "rot_1", at: at(3) },
      ]);
      expect(await since(two.id)).toStrictEqual([
        { accountId: two.id, sequence: 1, kind: "BACKUP_CHANGED", subject: "bkp_1", at: at(2) },
      ]);
      expect((await since(one.id, 1)).map((event) => event.sequence)).toEqual([2]);
      expect(await store().read.events.since(one.id, 0, 1)).toHaveLength(1);
      const heads = await store().read.events.heads([one.id, two.id, "acc_unknown"]);
      expect(heads).toEqual(
        new Map([
          [one.id, { sequence: 2, forgottenTo: 0 }],
          [two.id, { sequence: 1, forgottenTo: 0 }],
        ]),
      );
    });

    it("keeps the latest progress of a subject only, and every event that is not progress", async () => {
      const { id } = await insertAccount(store());
      const backup = { kind: "BACKUP_CHANGED", subject: "bkp_1" } as const;
      await append(id, backup);
      await append(id, backup, true);
      await append(id, { ...backup, subject: "bkp_2" }, true);
      await append(id, { ...backup, kind: "RESTORE_CHANGED" }, true);
      await append(id, backup, true);
      await append(id, backup);
      expect((await since(id)).map((event) => event.sequence)).toEqual([1, 3, 4, 5, 6]);
    });

    it("leaves nothing, and no gap, after a roll-back", async () => {
      const { id } = await insertAccount(store());
      const refused = store().transaction(async (tx) => {
        await tx.events.append({ accountId: id, kind: "KEYS_LOCKED", at: at(1) }, false);
        throw new Error("refused");
      });
      await expect(refused).rejects.toThrow("refused");
      await append(id);
      expect((await since(id)).map((event) => event.sequence)).toEqual([1]);
    });

    it("forgets what is older, a bounded number at a time, says up to where, and goes on counting", async () => {
      const { id } = await insertAccount(store());
      for (const minute of [1, 2, 3, 4]) await append(id, { at: at(minute) });
      const forget = (limit: number) => store().transaction((tx) => tx.events.deleteBefore(at(4), limit));
      expect(await forget(2)).toBe(2);
      expect((await since(id)).map((event) => event.sequence)).toEqual([3, 4]);
      expect(await store().read.events.heads([id])).toEqual(new Map([[id, { sequence: 4, forgottenTo: 2 }]]));
      expect(await forget(100)).toBe(1);
      expect(await forget(100)).toBe(0);
      await append(id);
      expect((await since(id)).map((event) => event.sequence)).toEqual([4, 5]);
    });
  });
}
