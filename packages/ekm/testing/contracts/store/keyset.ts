import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Page, PageRequest, Store } from "../../../src/ports/store.js";
import {
  account,
  at,
  backup,
  entry,
  health,
  idsOf,
  insertAccount,
  insertBackup,
  insertSource,
  restore,
  rotation,
  source,
} from "./fixtures.js";

/** One list: how to add to it, and how to read it. */
interface List {
  /** Answers the new item's id. */
  add(): Promise<string>;
  page(request: PageRequest): Promise<Page<{ readonly id: string }>>;
  count?(): Promise<bigint>;
}

const LISTS: Readonly<Record<string, (store: Store) => Promise<List>>> = {
  async accounts(store) {
    return {
      async add() {
        const made = account();
        await store.transaction((tx) => tx.accounts.insert(made));
        return made.id;
      },
      page: (request) => store.read.accounts.page(request, {}),
      count: () => store.read.accounts.count({}),
    };
  },
  async sources(store) {
    const { accountId } = await insertSource(store);
    return {
      async add() {
        const made = source(accountId);
        await store.transaction((tx) => tx.sources.insert(made));
        return made.id;
      },
      page: (request) => store.read.sources.page(accountId, request),
      count: () => store.read.sources.count(accountId),
    };
  },
  async backups(store) {
    const from = await insertSource(store);
    return {
      async add() {
        const made = backup(from, { status: "FAILED" });
        await store.transaction((tx) => tx.backups.insert(made));
        return made.id;
      },
      page: (request) => store.read.backups.page(from.accountId, request, { status: "FAILED", sourceId: from.id }),
      count: () => store.read.backups.count(from.accountId, { status: "FAILED" }),
    };
  },
  async restores(store) {
    const of = await insertBackup(store, await insertSource(store));
    return {
      async add() {
        const made = restore(of);
        await store.transaction((tx) => tx.restores.insert(made));
        return made.id;
      },
      page: (request) => store.read.restores.page(of.accountId, request, { status: "QUEUED" }),
      count: () => store.read.restores.count(of.accountId, {}),
    };
  },
  async rotations(store) {
    const { accountId } = await insertSource(store);
    return {
      async add() {
        const made = rotation(accountId, { status: "CANCELLED" });
        await store.transaction((tx) => tx.rotations.insert(made));
        return made.id;
      },
      page: (request) => store.read.rotations.page(accountId, request),
      count: () => store.read.rotations.count(accountId),
    };
  },
  async "audit events"(store) {
    const { accountId } = await insertSource(store);
    return {
      add: async () => (await store.transaction((tx) => tx.audit.append(accountId, new Date(), entry()))).id,
      page: (request) => store.read.audit.page(accountId, request, { action: "KEY_VALIDATED" }),
      count: () => store.read.audit.count(accountId, {}),
    };
  },
  async "health history"(store) {
    const { accountId } = await insertSource(store);
    let healthy = false;
    return {
      async add() {
        healthy = !healthy;
        const made = health(accountId, { state: healthy ? "HEALTHY" : "UNKNOWN" });
        await store.transaction((tx) => tx.health.put(made));
        return made.id;
      },
      page: (request) => store.read.health.history(accountId, request),
    };
  },
};

/** Additions before each page, and how large that page is. */
const WALK = fc.array(fc.record({ added: fc.nat({ max: 3 }), first: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 12,
  maxLength: 12,
});
const RUNS = 15;

export function keysetContract(store: () => Store): void {
  describe("walking a list while it grows", () => {
    it.each(Object.entries(LISTS))(
      "shows each of the %s that was there once, in order, and none that came since",
      async (_name, open) => {
        await fc.assert(
          fc.asyncProperty(fc.nat({ max: 9 }), WALK, async (there, steps) => {
            const list = await open(store());
            const before: string[] = idsOf((await list.page({ first: 100 })).items);
            for (let n = 0; n < there; n += 1) before.unshift(await list.add());

            const seen: string[] = [];
            let after: string | undefined;
            for (const { added, first } of steps) {
              // What is added before the first page is there, too.
              for (let n = 0; n < added; n += 1) {
                const id = await list.add();
                if (after === undefined) before.unshift(id);
              }
              const { items, hasNextPage } = await list.page({ first, ...(after === undefined ? {} : { after }) });
              seen.push(...idsOf(items));
              expect(hasNextPage).toBe(seen.length < before.length);
              after = items.at(-1)?.id ?? after;
              if (!hasNextPage) break;
            }
            expect(seen).toEqual(before.slice(0, seen.length));
            const all = idsOf((await list.page({ first: 100 })).items);
            if (list.count !== undefined && all.length < 100) expect(await list.count()).toBe(BigInt(all.length));
          }),
          { numRuns: RUNS },
        );
      },
    );

    it("goes on from an item that is gone, and shows no other that is", async () => {
      const { id: accountId } = await insertAccount(store());
      const made = ["a", "b", "c", "d", "e", "f", "g", "h"].map((letter) => `whk_${letter}`);
      await store().transaction(async (tx) => {
        for (const id of made) {
          const secrets = [{ sealed: "c2VhbGVk", createdAt: at(1) }];
          await tx.webhooks.insert({ id, accountId, url: "https://hooks.example/", createdAt: at(1), createdBy: "ada", secrets });
        }
      });
      const left = made.reverse();
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store().read.webhooks.page(accountId, { first: 2, ...(after === undefined ? {} : { after }) });
        seen.push(...idsOf(page.items));
        if (!page.hasNextPage) break;
        after = seen.at(-1) ?? "";
        const next = left[left.indexOf(after) + 1] ?? "";
        await store().transaction((tx) => tx.webhooks.delete(after ?? ""));
        await store().transaction((tx) => tx.webhooks.delete(next));
      }
      expect(seen).toEqual(["whk_h", "whk_g", "whk_e", "whk_d", "whk_b", "whk_a"]);
    });
  });
}
