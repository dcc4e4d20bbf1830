// Invariant: the lock watch sees every committed change of an account's keys, and waits for no other read and no writer.
import path from "node:path";
import { type Store, StoreError } from "@ekm/ekm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type EpochReader, openEpochReader } from "../src/index.js";
import { entry, insertAccount } from "./fixtures.js";
import { openTemporary, temporaryDirectory } from "./support.js";

const keyLock = { lockedAt: new Date(0), lockedBy: "admin", reason: "why" };

let opened: Awaited<ReturnType<typeof openTemporary>>;
let store: Store;
let reader: EpochReader;
beforeEach(async () => {
  opened = await openTemporary();
  store = opened.store;
  reader = await openEpochReader(opened);
});
afterEach(async () => {
  await reader.close();
  await opened.cleanup();
});

it("sees a lock once it is committed, and not before", async () => {
  const account = await insertAccount(store, { keyEpoch: 1 });
  const epoch = async () => (await reader.keyEpochs([account.id])).get(account.id);
  await store.transaction(async (tx) => {
    await tx.accounts.save({ ...account, keyEpoch: 2, keyLock });
    expect(await epoch(), "a writer is at work").toEqual({ keyEpoch: 1, locked: false });
  });
  expect(await epoch()).toEqual({ keyEpoch: 2, locked: true });
  await store.transaction((tx) => tx.accounts.save({ ...account, version: 1, keyEpoch: 3 }));
  expect(await epoch()).toEqual({ keyEpoch: 3, locked: false });
});

it("leaves out what is unknown, and answers for many accounts", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 20; i += 1) ids.push((await insertAccount(store, { keyEpoch: i })).id);
  const epochs = await reader.keyEpochs([...ids, "acc_unknown"]);
  expect([...epochs.keys()].sort()).toEqual(ids);
  expect(await reader.keyEpochs([])).toEqual(new Map());
});

it("is not queued behind the store's other reads", async () => {
  const { id } = await insertAccount(store);
  await store.transaction(async (tx) => {
    for (let i = 0; i < 200; i += 1) await tx.audit.append(id, new Date(i), entry);
  });
  let ended = 0;
  const reads = Array.from({ length: 100 }, async () => {
    await store.read.audit.chain(id, 0, 200);
    ended += 1;
  });
  await reader.keyEpochs([id]);
  expect(ended).toBeLessThan(20);
  await Promise.all(reads);
});

it("answers StoreError once it is closed, and may be closed twice", async () => {
  await reader.close();
  await expect(reader.keyEpochs(["acc_1"])).rejects.toBeInstanceOf(StoreError);
  await reader.close();
});

it("answers StoreError for a database that does not exist, and makes none", async () => {
  const { directory, remove } = await temporaryDirectory();
  const sqlitePath = path.join(directory, "none.sqlite");
  for (let times = 0; times < 2; times += 1) await expect(openEpochReader({ sqlitePath })).rejects.toBeInstanceOf(StoreError);
  await remove();
});
