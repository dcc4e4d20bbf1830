import { describe, expect, it } from "vitest";
import type { KeyHealth } from "../../../src/health/health.js";
import type { Store } from "../../../src/ports/store.js";
import { at, EKM, health, idsOf, insertAccount, problem, walk } from "./fixtures.js";

export function healthContract(store: () => Store): void {
  const put = (one: KeyHealth) => store().transaction((tx) => tx.health.put(one));
  const history = (accountId: string, first = 10) => walk(first, (request) => store().read.health.history(accountId, request));

  describe("key health", () => {
    it("answers null and an empty history for an unknown account", async () => {
      expect(await store().read.health.current("acc_unknown")).toBeNull();
      expect((await history("acc_unknown")).items).toEqual([]);
    });

    it("keeps every field", async () => {
      const { id } = await insertAccount(store(), { ekm: EKM.enabled });
      const full = health(id, {
        state: "UNUSABLE",
        problem: problem("KEY_ACCESS_DENIED"),
        warnings: [problem("KEY_POLICY_TOO_WIDE")],
        checkedAt: at(8),
        lastUsableAt: at(7),
        deletionDate: at(99),
      });
      await put(full);
      expect(await store().read.health.current(id)).toStrictEqual(full);
      expect((await history(id)).items).toStrictEqual([full]);
    });

    it("replaces the current row with every put, also by one that has fewer fields", async () => {
      const { id } = await insertAccount(store(), { ekm: EKM.enabled });
      const latest = health(id, { checkedAt: at(9) });
      await put(health(id, { state: "UNUSABLE", problem: problem("KEY_DISABLED"), lastUsableAt: at(1), deletionDate: at(99) }));
      await put(latest);
      expect(await store().read.health.current(id)).toStrictEqual(latest);
    });

    it("writes history when the state or the problem's code changes, and only then", async () => {
      const { id } = await insertAccount(store(), { ekm: EKM.enabled });
      const changes = [
        health(id),
        health(id, { state: "UNUSABLE", problem: problem("KEY_DISABLED") }),
        health(id, { state: "UNUSABLE", problem: problem("KEY_PENDING_DELETION") }),
        health(id, { state: "DEGRADED", problem: problem("KMS_UNREACHABLE") }),
        health(id),
      ];
      for (const change of changes) {
        await put(change);
        await put({ ...health(id, { ...change, checkedAt: at(50) }), id: `${change.id}_again` });
      }
      expect(idsOf((await history(id)).items)).toEqual(idsOf(changes).reverse());
      expect(await store().read.health.current(id)).toMatchObject({ state: "HEALTHY", checkedAt: at(50) });
    });

    it("pages the history of one account, newest first", async () => {
      const one = await insertAccount(store(), { ekm: EKM.enabled });
      const two = await insertAccount(store(), { ekm: EKM.enabled });
      const rows: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        const row = health(one.id, { state: i % 2 ? "DEGRADED" : "HEALTHY" });
        await put(row);
        await put(health(two.id));
        rows.unshift(row.id);
      }
      const { items, pages } = await history(one.id, 2);
      expect(idsOf(items)).toEqual(rows);
      expect(pages).toBe(3);
    });
  });
}
