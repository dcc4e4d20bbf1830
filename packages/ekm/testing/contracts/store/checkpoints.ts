import { describe, expect, it } from "vitest";
import { digestOf, type SignedCheckpoint, type SignedRound } from "../../../src/audit/checkpoint.js";
import type { Store } from "../../../src/ports/store.js";
import { at, entry, insertAccount } from "./fixtures.js";

export function checkpointsContract(store: () => Store): void {
  const append = (accountId: string) => store().transaction((tx) => tx.audit.append(accountId, at(1), entry()));
  const round = (n: number): SignedRound => ({ round: n, at: at(n), jws: `round.${n}`, digest: digestOf(`round.${n}`) });
  const checkpoint = (accountId: string, n: number, event: { sequence: number; hash: string }): SignedCheckpoint => {
    const jws = `checkpoint.${accountId}.${event.sequence}`;
    return { accountId, sequence: event.sequence, hash: event.hash, round: n, jws, digest: digestOf(jws) };
  };
  const insert = (made: SignedRound, checkpoints: readonly SignedCheckpoint[]) =>
    store().transaction((tx) => tx.checkpoints.insert(made, checkpoints));
  const mark = (n: number) => store().transaction((tx) => tx.checkpoints.markExported(n));
  const accounts = async () => [(await insertAccount(store())).id, (await insertAccount(store())).id].sort() as [string, string];

  describe("checkpoints", () => {
    it("has none at the beginning", async () => {
      const { checkpoints } = store().read;
      expect(await checkpoints.lastRound()).toBeNull();
      expect(await checkpoints.firstUnexported()).toBeNull();
      expect(await checkpoints.moved("", 10)).toEqual([]);
      expect(await checkpoints.ofAccount("acc_unknown", 0, 10)).toEqual([]);
    });

    it("tells which chains do not end at their last checkpoint, by account, at most so many", async () => {
      const [one, two] = await accounts();
      const silent = await insertAccount(store());
      const [first, other] = [await append(one), await append(two)];
      const { moved } = store().read.checkpoints;
      const headOf = ({ sequence, hash }: { sequence: number; hash: string }) => ({ sequence, hash });
      expect(await moved("", 10)).toEqual([
        { accountId: one, head: headOf(first), last: null },
        { accountId: two, head: headOf(other), last: null },
      ]);
      expect(await moved("", 1)).toHaveLength(1);
      expect((await moved(one, 10)).map(({ accountId }) => accountId)).toEqual([two]);

      const signed = checkpoint(one, 1, first);
      await insert(round(1), [signed]);
      expect((await moved("", 10)).map(({ accountId }) => accountId)).toEqual([two]);
      const second = await append(one);
      expect((await moved("", 1))[0]).toEqual({
        accountId: one,
        head: headOf(second),
        last: { ...headOf(first), digest: signed.digest },
      });
      await insert(round(2), [checkpoint(one, 2, second)]);
      expect((await moved("", 10)).map(({ accountId }) => accountId)).toEqual([two]);
      expect(await moved(silent.id, 10)).toEqual([]);
    });

    it("keeps rounds and their checkpoints whole, and lists what was not exported, the first round first", async () => {
      const [one, two] = await accounts();
      const [a, b] = [await append(one), await append(two)];
      const made = [checkpoint(two, 1, b), checkpoint(one, 1, a)];
      await insert(round(1), made);
      await insert(round(2), []);
      const { checkpoints } = store().read;
      expect(await checkpoints.lastRound()).toStrictEqual(round(2));
      expect(await checkpoints.firstUnexported()).toStrictEqual({ round: round(1), checkpoints: [made[1], made[0]] });
      await mark(1);
      expect(await checkpoints.firstUnexported()).toStrictEqual({ round: round(2), checkpoints: [] });
      await mark(2);
      expect(await checkpoints.firstUnexported()).toBeNull();
      expect(await checkpoints.lastRound()).toStrictEqual(round(2));
    });

    it("takes no round and no checkpoint twice, and nothing of what was refused", async () => {
      const { id } = await insertAccount(store());
      const [first, second] = [await append(id), await append(id)];
      await insert(round(1), [checkpoint(id, 1, first)]);
      await expect(insert(round(1), [])).rejects.toThrow();
      await expect(insert(round(2), [checkpoint(id, 2, second), checkpoint(id, 2, first)])).rejects.toThrow();
      expect(await store().read.checkpoints.lastRound()).toStrictEqual(round(1));
      expect(await store().read.checkpoints.ofAccount(id, 0, 10)).toHaveLength(1);
    });

    it("lists an account's, ascending, after a sequence, at most so many", async () => {
      const [one, two] = await accounts();
      await append(two);
      const made: SignedCheckpoint[] = [];
      for (let n = 1; n <= 12; n += 1) {
        made.push(checkpoint(one, n, await append(one)));
        await insert(round(n), made.slice(-1));
      }
      const { ofAccount } = store().read.checkpoints;
      expect(await ofAccount(one, 0, 100)).toStrictEqual(made);
      expect(await ofAccount(one, 8, 2)).toStrictEqual(made.slice(8, 10));
      expect(await ofAccount(two, 0, 100)).toEqual([]);
    });
  });
}
