import { describe, expect, it } from "vitest";
import { GENESIS_HASH, verifyChain } from "../../../src/audit/chain.js";
import type { AuditEntry } from "../../../src/audit/event.js";
import type { Store } from "../../../src/ports/store.js";
import { at, entry, idsOf, insertAccount, walk } from "./fixtures.js";

export function auditContract(store: () => Store): void {
  const append = (accountId: string, over: Partial<AuditEntry> = {}, when = at(1)) =>
    store().transaction((tx) => tx.audit.append(accountId, when, entry(over)));

  describe("audit", () => {
    it("has nothing of an unknown account", async () => {
      expect(await store().read.audit.chain("acc_unknown", 0, 10)).toEqual([]);
      expect(await store().read.audit.count("acc_unknown", {})).toBe(0n);
      expect(await store().read.audit.page("acc_unknown", { first: 5 }, {})).toEqual({ items: [], hasNextPage: false });
    });

    it("answers the event it appended, and keeps every field", async () => {
      const { id } = await insertAccount(store());
      const first = await append(id, { subject: "arn:…/ü", detail: 'He said "no".' });
      const second = await append(id, { awsRequestIds: [] });
      expect(first).toMatchObject({ accountId: id, sequence: 1, previousHash: GENESIS_HASH, at: at(1), detail: 'He said "no".' });
      expect(second).toMatchObject({ sequence: 2, previousHash: first.hash });
      expect(await store().read.audit.chain(id, 0, 10)).toStrictEqual([first, second]);
      expect(await store().read.audit.byId(second.id)).toStrictEqual(second);
      expect(await store().read.audit.byId("aud_unknown")).toBeNull();
    });

    it("sees its own appends within one transaction", async () => {
      const { id } = await insertAccount(store());
      await store().transaction(async (tx) => {
        for (let i = 1; i <= 3; i += 1) expect((await tx.audit.append(id, at(i), entry())).sequence).toBe(i);
      });
      expect(verifyChain(id, await store().read.audit.chain(id, 0, 10))).toMatchObject({ intact: true });
    });

    it("leaves no gap after a roll-back", async () => {
      const { id } = await insertAccount(store());
      await append(id);
      const refused = store().transaction(async (tx) => {
        await tx.audit.append(id, at(2), entry({ detail: "never was" }));
        throw new Error("refused");
      });
      await expect(refused).rejects.toThrow("refused");
      expect(await append(id)).toMatchObject({ sequence: 2 });
      expect(verifyChain(id, await store().read.audit.chain(id, 0, 10))).toMatchObject({ intact: true });
    });

    it("keeps one chain per account, without a gap, under concurrency", async () => {
      const one = await insertAccount(store());
      const two = await insertAccount(store());
      await Promise.all(Array.from({ length: 40 }, (_, i) => append((i % 2 ? one : two).id, { detail: `event ${i}` })));
      for (const { id } of [one, two]) {
        const chain = await store().read.audit.chain(id, 0, 100);
        expect(chain.map((event) => event.sequence)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
        expect(verifyChain(id, chain)).toMatchObject({ intact: true });
      }
    });

    it("reads the chain on from a sequence, at most so many", async () => {
      const { id } = await insertAccount(store());
      for (let i = 0; i < 12; i += 1) await append(id);
      const sequences = async (after: number, limit: number) =>
        (await store().read.audit.chain(id, after, limit)).map((event) => event.sequence);
      expect(await sequences(8, 3)).toEqual([9, 10, 11]);
      expect(await sequences(11, 3)).toEqual([12]);
      expect(await sequences(12, 3)).toEqual([]);
    });

    it("pages newest first by sequence, filtered by action", async () => {
      const { id } = await insertAccount(store());
      const other = await insertAccount(store());
      const backups: string[] = [];
      const all: string[] = [];
      for (let i = 0; i < 11; i += 1) {
        await append(other.id, { action: "BACKUP" });
        const event = await append(id, { action: i % 3 ? "RESTORE" : "BACKUP" });
        all.unshift(event.id);
        if (i % 3 === 0) backups.unshift(event.id);
      }
      const page = (first: number, filter: { action?: "BACKUP" | "EKM_ENABLED" }) =>
        walk(first, (request) => store().read.audit.page(id, request, filter));
      expect(idsOf((await page(3, {})).items)).toEqual(all);
      expect(idsOf((await page(3, { action: "BACKUP" })).items)).toEqual(backups);
      expect((await page(3, { action: "EKM_ENABLED" })).items).toEqual([]);
      expect(await store().read.audit.count(id, {})).toBe(11n);
      expect(await store().read.audit.count(id, { action: "BACKUP" })).toBe(BigInt(backups.length));
    });
  });
}
