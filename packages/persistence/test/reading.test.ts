// Invariant: reads outside transactions show what was committed when they were asked; asked at once they are as few statements for a
// hundred accounts as for two; and each finds its rows by an index.
import path from "node:path";
import type { Repositories, Store } from "@ekm/ekm";
import type { DataSource } from "typeorm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionOf, openReadSource } from "../src/data-source.js";
import { openStore } from "../src/index.js";
import { createReadRepositories } from "../src/reading/read-repositories.js";
import { createReader, type Reader } from "../src/reading/reader.js";
import { entry, healthy, insertAccount, insertWraps, wrap } from "./fixtures.js";
import { ids, realClock, temporaryDirectory } from "./support.js";

const ACCOUNTS = 100;

let store: Store;
let source: DataSource;
let reader: Reader;
let read: Repositories;
let remove: () => Promise<void>;
const accounts: string[] = [];
const asked: { sql: string; parameters: readonly unknown[] }[] = [];

beforeAll(async () => {
  const temporary = await temporaryDirectory();
  remove = temporary.remove;
  const sqlitePath = path.join(temporary.directory, "ekm.sqlite");
  store = await openStore({ sqlitePath, clock: realClock, ids });
  for (let n = 0; n < ACCOUNTS; n += 1) {
    const { id } = await insertAccount(store, { name: `A${n}` });
    accounts.push(id);
    await insertWraps(store, id, [wrap(id, 1, 20)]);
    await store.transaction(async (tx) => {
      await tx.health.put(healthy(id));
      for (let at = 0; at < 3; at += 1) {
        await tx.sources.insert({
          id: ids.next("src"),
          accountId: id,
          name: `S${at}`,
          kind: "DIRECTORY",
          location: "/data",
          createdAt: new Date(),
        });
        await tx.audit.append(id, new Date(), entry);
      }
    });
  }
  source = await openReadSource(sqlitePath, 1000);
  const prepared = createReader(connectionOf(source));
  reader = {
    all(sql, parameters) {
      asked.push({ sql, parameters });
      return prepared.all(sql, parameters);
    },
    close: () => prepared.close(),
  };
  read = createReadRepositories(source, reader, ids);
}, 60_000);
afterAll(async () => {
  await reader.close();
  await source.destroy();
  await store.close();
  await remove();
});

const statements = async (work: () => Promise<unknown>) => {
  const before = asked.length;
  await work();
  return asked.length - before;
};

/** Everything of one account that is read by statements of our own. */
const everything = async (id: string) => {
  const request = { first: 2 };
  const [account, health, wraps, impact, sources, count, audit] = await Promise.all([
    read.accounts.byId(id),
    read.health.current(id),
    read.keys.wraps(id),
    read.backups.impact(id),
    read.sources.page(id, request),
    read.sources.count(id),
    read.audit.page(id, request, {}),
    read.backups.page(id, request, { status: "FAILED" }),
    read.backups.page(id, request, { sourceId: "src_none" }),
    read.backups.count(id, { status: "FAILED" }),
    read.restores.page(id, request, { status: "FAILED" }),
    read.restores.count(id, {}),
    read.rotations.page(id, request),
    read.rotations.count(id),
    read.rotations.byId("rot_none"),
    read.rotations.failures("rot_none"),
    read.health.history(id, request),
    read.audit.count(id, { action: "BACKUP" }),
  ]);
  return { account, health, wraps, impact, sources, count, audit };
};

describe("reads that are asked for at once", () => {
  it("are as many statements for a hundred accounts as for two", async () => {
    const forTwo = await statements(() => Promise.all(accounts.slice(0, 2).map(everything)));
    expect(await statements(() => Promise.all(accounts.map(everything)))).toBe(forTwo);
  });

  it("answer each account with its own", async () => {
    const all = await Promise.all(accounts.map(everything));
    for (const [at, id] of accounts.entries()) {
      const { account, health, wraps, impact, sources, count, audit } = all[at] as (typeof all)[number];
      expect([account?.id, account?.name, health?.accountId]).toEqual([id, `A${at}`, id]);
      expect(wraps.map(({ accountId, generation }) => [accountId, generation])).toEqual([[id, 1]]);
      expect(impact).toEqual({ backups: 0n, bytes: 0n, generations: 0 });
      expect(sources.items.map(({ accountId, name }) => [accountId, name])).toEqual([
        [id, "S2"],
        [id, "S1"],
      ]);
      expect([sources.hasNextPage, count]).toEqual([true, 3n]);
      expect(audit.items.map(({ accountId, sequence }) => [accountId, sequence])).toEqual([
        [id, 3],
        [id, 2],
      ]);
    }
  });

  it("differ in page size, cursor and filter as each asked", async () => {
    const [one = "", other = ""] = accounts;
    const first = await read.sources.page(one, { first: 1 });
    const after = first.items[0]?.id ?? "";
    const [small, rest, large, otherRest] = await Promise.all([
      read.sources.page(one, { first: 1 }),
      read.sources.page(one, { first: 1, after }),
      read.sources.page(other, { first: 100 }),
      read.sources.page(other, { first: 1, after: "" }),
    ]);
    const names = ({ items }: { items: readonly { name: string }[] }) => items.map(({ name }) => name);
    expect([names(small), names(rest), names(large), names(otherRest)]).toEqual([["S2"], ["S1"], ["S2", "S1", "S0"], []]);
  });

  it("show what was committed when they were asked, also while others are under way", async () => {
    const [id = ""] = accounts;
    for (let version = 0; version < 20; version += 1) {
      const earlier = read.accounts.byId(id);
      const known = await store.read.accounts.byId(id);
      await store.transaction(async (tx) => {
        if (known !== null) await tx.accounts.save(known);
      });
      const later = await read.accounts.byId(id);
      expect(later?.version).toBe(version + 1);
      expect((await earlier)?.version).toBe(version);
    }
  });

  it("find their rows by an index, and sort nothing", async () => {
    const [id = ""] = accounts;
    await everything(id);
    await read.audit.page(id, { first: 2, after: "aud_none" }, { action: "BACKUP" });
    await Promise.all([read.sources.byId("src_none"), read.backups.byId("bkp_none"), read.restores.byId("rst_none")]);
    const plans = new Map<string, string[]>();
    for (const { sql, parameters } of [...asked]) {
      if (plans.has(sql)) continue;
      const steps = await source.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, [...parameters]);
      plans.set(
        sql,
        steps.map(({ detail }) => detail),
      );
    }
    expect(plans.size).toBeGreaterThan(20);
    for (const [sql, steps] of plans) {
      expect(
        steps.filter((step) => /TEMP B-TREE|^SCAN (?!(asked|json_each) VIRTUAL TABLE)/.test(step)),
        sql,
      ).toEqual([]);
    }
  });
});

describe("a statement that fails", () => {
  it("fails its asker alone, and is prepared anew", async () => {
    const own = createReader(connectionOf(source));
    await expect(own.all("SELECT nonsense FROM nowhere", [])).rejects.toThrow("no such table");
    await expect(own.all("SELECT nonsense FROM nowhere", [])).rejects.toThrow("no such table");
    expect(await own.all("SELECT 1 AS one", [])).toEqual([{ one: 1 }]);
    await own.close();
  });
});
