// Invariant: a process that is killed, wherever it was, leaves the state of its last committed transaction, whole.
import { type Store, verifyChain } from "@ekm/ekm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startChild } from "./child.js";
import { insertAccount } from "./fixtures.js";
import { openTemporary } from "./support.js";

const KILLS = 12;
let opened: Awaited<ReturnType<typeof openTemporary>>;
let store: Store;
beforeEach(async () => {
  opened = await openTemporary();
  store = opened.store;
});
afterEach(() => opened.cleanup());

it("keeps the former state when a process is killed in the middle of a transaction", async () => {
  const account = await insertAccount(store);
  const child = startChild("hold", opened.sqlitePath, account.id);
  await child.next();
  await child.kill();
  expect(await store.read.accounts.byId(account.id)).toEqual(account);
  expect(await store.read.audit.count(account.id, {})).toBe(0n);
  expect(await store.transaction((tx) => tx.accounts.save(account))).toBe(true);
});

it(`keeps both sides of every move over ${KILLS} kills at any moment`, async () => {
  const one = await insertAccount(store);
  const two = await insertAccount(store);
  let acknowledged = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = startChild("move-for-ever", opened.sqlitePath, one.id, two.id);
    const wanted = 1 + Math.floor(Math.random() * 10);
    for (let seen = 0; seen < wanted; seen += 1) await child.next();
    acknowledged += wanted;
    await child.kill();

    const [left, right] = [await store.read.accounts.byId(one.id), await store.read.accounts.byId(two.id)];
    expect((left?.keyEpoch ?? 0) + (right?.keyEpoch ?? 0)).toBe(0);
    expect(left?.version).toBe(right?.version);
    expect(left?.version, "nothing acknowledged is lost").toBeGreaterThanOrEqual(acknowledged);
    acknowledged = left?.version ?? 0;
    for (const { id } of [one, two]) {
      const chain = await store.read.audit.chain(id, 0, 10_000);
      expect(chain).toHaveLength(acknowledged);
      expect(verifyChain(id, chain)).toMatchObject({ intact: true });
    }
  }
}, 60_000);
