// Invariant: processes that share the file never lose an update, never leave a gap in an audit chain, never hold the same
// job at once, and migrate it once even when they all start together.
import path from "node:path";
import { type Job, verifyChain } from "@ekm/ekm";
import sqlite3 from "sqlite3";
import { afterEach, expect, it } from "vitest";
import { MIGRATIONS } from "../src/migrations/index.js";
import { startChild } from "./child.js";
import { entry, insertAccount } from "./fixtures.js";
import { ids, openTemporary, temporaryDirectory } from "./support.js";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
}, 60_000);

it("keeps every update, chain and claim while two processes and this one write", async () => {
  const { store, sqlitePath, cleanup } = await openTemporary();
  cleanups.push(cleanup);
  const from = await insertAccount(store, { keyEpoch: 1000 });
  const to = await insertAccount(store);
  const jobs: string[] = [];
  await store.transaction(async (tx) => {
    for (let i = 0; i < 60; i += 1) {
      const id = ids.next("job");
      jobs.push(id);
      await tx.jobs.enqueue({ id, kind: "BACKUP", accountId: from.id, subjectId: `bkp_${i}`, at: new Date(i) });
    }
  });

  const children = [startChild("hammer", sqlitePath, from.id, to.id, 60), startChild("hammer", sqlitePath, from.id, to.id, 60)];
  for (const child of children) await child.next();
  for (const child of children) child.start();
  const own = Array.from({ length: 60 }, () => store.transaction((tx) => tx.audit.append(from.id, new Date(), entry)));
  const reports = await Promise.all(children.map((child) => child.next<{ claimed: Job[] }>()));
  await Promise.all(own);

  expect(await store.read.accounts.byId(from.id)).toMatchObject({ keyEpoch: 1000 - 120, version: 120 });
  expect(await store.read.accounts.byId(to.id)).toMatchObject({ keyEpoch: 120, version: 120 });
  for (const [id, events] of [
    [from.id, 180],
    [to.id, 120],
  ] as const) {
    const chain = await store.read.audit.chain(id, 0, 1000);
    expect(chain).toHaveLength(events);
    expect(verifyChain(id, chain)).toMatchObject({ intact: true });
  }
  const claimed = reports.flatMap((report) => report.claimed);
  expect(claimed.map((job) => job.id).sort()).toEqual(jobs);
  expect(new Set(claimed.map((job) => job.fence))).toEqual(new Set([1]));
  expect(Math.min(...reports.map((report) => report.claimed.length)), "both took part").toBeGreaterThan(0);
}, 60_000);

it("migrates once when several processes start on a new file together", async () => {
  const { directory, remove } = await temporaryDirectory();
  cleanups.push(remove);
  const sqlitePath = path.join(directory, "new", "ekm.sqlite");
  const children = Array.from({ length: 4 }, () => startChild("open", sqlitePath));
  for (const child of children) await child.next();
  for (const child of children) child.start();
  await Promise.all(children.map((child) => child.next()));
  expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0, 0]);
  const database = new sqlite3.Database(sqlitePath);
  const rows = await new Promise((resolve, reject) => {
    database.all("SELECT name FROM migrations", (error, found) => (error ? reject(error) : resolve(found)));
  });
  database.close();
  expect(rows).toEqual(MIGRATIONS.map(({ name }) => ({ name })));
}, 60_000);
