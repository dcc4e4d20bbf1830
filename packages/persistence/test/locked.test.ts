// Invariant: a process that holds the write lock costs the others an error within their time-out, not a hang, not a lost
// write; and readers do not notice.
import { StoreBusyError } from "@ekm/ekm";
import { expect, it } from "vitest";
import { startChild } from "./child.js";
import { entry, insertAccount } from "./fixtures.js";
import { openTemporary } from "./support.js";

it("answers StoreBusyError within the time-out while another process writes, and writes once it is gone", async () => {
  const { store, sqlitePath, cleanup } = await openTemporary(300);
  const account = await insertAccount(store);
  const holder = startChild("hold", sqlitePath, account.id);
  try {
    await holder.next();
    let ran = false;
    const start = performance.now();
    const refused = store.transaction(async () => {
      ran = true;
    });
    await expect(refused).rejects.toBeInstanceOf(StoreBusyError);
    const waited = performance.now() - start;
    expect(waited).toBeGreaterThanOrEqual(250);
    expect(waited).toBeLessThan(3000);
    expect(ran, "the work did not begin").toBe(false);
    expect(await store.read.accounts.byId(account.id)).toEqual(account);
    expect(await store.read.jobs.hasClaimable(["BACKUP"]), "an idle worker does not need the lock").toBe(false);
    await expect(store.scrub()).rejects.toBeInstanceOf(StoreBusyError);
  } finally {
    await holder.kill();
  }
  expect(await store.transaction((tx) => tx.audit.append(account.id, new Date(), entry))).toMatchObject({ sequence: 1 });
  await cleanup();
}, 60_000);

it("answers all that wait within one time-out, not one after another", async () => {
  const { store, sqlitePath, cleanup } = await openTemporary(400);
  const account = await insertAccount(store);
  const holder = startChild("hold", sqlitePath, account.id);
  try {
    await holder.next();
    const start = performance.now();
    const refused = await Promise.allSettled(Array.from({ length: 50 }, () => store.transaction(async () => undefined)));
    expect(refused.map((one) => one.status === "rejected" && one.reason instanceof StoreBusyError)).toEqual(Array(50).fill(true));
    expect(performance.now() - start).toBeLessThan(50 * 400 * 0.2);
  } finally {
    await holder.kill();
  }
  const written = Array.from({ length: 50 }, () => store.transaction((tx) => tx.audit.append(account.id, new Date(), entry)));
  expect(await Promise.all(written)).toHaveLength(50);
  await cleanup();
}, 60_000);
