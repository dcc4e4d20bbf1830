import { describe, expect, it } from "vitest";
import type { KmsIntent } from "../../../src/intents/intent.js";
import type { Store } from "../../../src/ports/store.js";
import { ARN, at, idsOf, insertAccount } from "./fixtures.js";

export function intentsContract(store: () => Store): void {
  const insert = async (over: Partial<KmsIntent> = {}) => {
    const { id: accountId } = await insertAccount(store());
    const made: KmsIntent = {
      id: `int_of_${accountId}`,
      accountId,
      purpose: "FIRST_WRAP",
      at: at(1),
      awsRequestIds: [],
      ...over,
    };
    await store().transaction((tx) => tx.intents.insert(made));
    return made;
  };
  const finish = (id: string, outcome: "DONE" | "FAILED", requestIds: string[] = []) =>
    store().transaction((tx) => tx.intents.finish(id, at(9), outcome, requestIds));
  const unfinished = (before = at(60), limit = 100) => store().read.intents.unfinished(before, limit);

  describe("KMS intents", () => {
    it("keeps every field of what is not finished", async () => {
      const bare = await insert();
      const full = await insert({ purpose: "ROTATE", keyArn: ARN, at: at(2), awsRequestIds: ["req-0"] });
      expect(await unfinished()).toStrictEqual([bare, full]);
    });

    it("lists those begun before a time, the oldest first, at most so many", async () => {
      const [third, first, second, later] = [
        await insert({ at: at(3) }),
        await insert({ at: at(1) }),
        await insert({ at: at(2) }),
        await insert({ at: at(4) }),
      ];
      expect(idsOf(await unfinished(at(4)))).toEqual(idsOf([first, second, third]));
      expect(idsOf(await unfinished(at(5), 2))).toEqual(idsOf([first, second]));
      expect(idsOf(await unfinished(at(5)))).toContain(later.id);
    });

    it("lists none that is finished, whatever its outcome, and has each id once", async () => {
      const [done, failed, open] = [await insert(), await insert(), await insert()];
      await finish(done.id, "DONE", ["req-1"]);
      await finish(failed.id, "FAILED");
      await finish("int_unknown", "DONE");
      expect(idsOf(await unfinished())).toEqual([open.id]);
      await expect(insert({ id: done.id })).rejects.toThrow();
    });
  });
}
