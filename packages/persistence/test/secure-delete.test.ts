// Invariant: once wraps are deleted and the store is scrubbed, no byte of their ciphertexts is left in the database's files.
import { readFile } from "node:fs/promises";
import { type KeyWrap, StoreBusyError } from "@ekm/ekm";
import sqlite3 from "sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ARN, insertAccount, insertWraps, wrap } from "./fixtures.js";
import { openTemporary } from "./support.js";

let opened: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  opened = await openTemporary(300);
});
afterEach(() => opened.cleanup());

/** Pieces of 16 bytes of any of these ciphertexts that are found in the file. */
async function traces(suffix: "" | "-wal", wraps: readonly KeyWrap[]): Promise<number> {
  const file = await readFile(`${opened.sqlitePath}${suffix}`);
  const pieces = wraps.flatMap(({ ciphertext }) =>
    Array.from({ length: Math.floor(ciphertext.length / 16) }, (_, i) => Buffer.from(ciphertext.subarray(i * 16, i * 16 + 16))),
  );
  return pieces.filter((piece) => file.includes(piece)).length;
}

// A wrap of one page's part, of exactly the usual size, and of an overflow chain.
const sizes = [64, 184, 6144];

it("leaves nothing of deleted wraps in the file or its log", async () => {
  const { store } = opened;
  const doomed = await insertAccount(store);
  const kept = await insertAccount(store);
  const doomedWraps = Array.from({ length: 60 }, (_, i) => wrap(doomed.id, i + 1, sizes[i % 3] ?? 0));
  const keptWraps = Array.from({ length: 20 }, (_, i) => wrap(kept.id, i + 1, 184));
  await insertWraps(store, doomed.id, doomedWraps.slice(0, 30));
  await insertWraps(store, kept.id, keptWraps);
  await store.scrub();
  await insertWraps(store, doomed.id, doomedWraps.slice(30));
  expect(await traces("", doomedWraps), "is in the file before").toBeGreaterThan(0);
  expect(await traces("-wal", doomedWraps), "is in the log before").toBeGreaterThan(0);

  expect(await store.transaction((tx) => tx.keys.deleteWraps(doomed.id, ARN))).toBe(60);
  await store.scrub();

  expect(await traces("", doomedWraps)).toBe(0);
  expect(await traces("-wal", doomedWraps)).toBe(0);
  expect(await store.read.keys.wraps(kept.id)).toHaveLength(20);
});

it("leaves nothing of a canary that was replaced", async () => {
  const { store } = opened;
  const account = await insertAccount(store);
  const [old, renewed] = [wrap(account.id, 1, 184), wrap(account.id, 1, 120)];
  for (const { ciphertext } of [old, renewed]) {
    await store.transaction((tx) => tx.keys.putCanary({ accountId: account.id, keyArn: ARN, ciphertext, checkValue: "00" }));
  }
  await store.scrub();
  expect(await traces("", [old])).toBe(0);
  expect(await traces("", [renewed])).toBeGreaterThan(0);
});

it("does not say done while a reader still needs the log, and does it once the reader has gone", async () => {
  const { store, sqlitePath } = opened;
  const account = await insertAccount(store);
  const doomed = [wrap(account.id, 1, 184)];
  await insertWraps(store, account.id, doomed);
  const reader = new sqlite3.Database(sqlitePath, sqlite3.OPEN_READONLY);
  const run = (sql: string) =>
    new Promise<void>((resolve, reject) => {
      reader.all(sql, (error) => (error ? reject(error) : resolve()));
    });
  await run("BEGIN");
  await run("SELECT count(*) FROM key_wrap");

  await store.transaction((tx) => tx.keys.deleteWraps(account.id, ARN));
  await expect(store.scrub()).rejects.toBeInstanceOf(StoreBusyError);

  const scrubbed = store.scrub();
  await run("COMMIT");
  await scrubbed;
  expect(await traces("", doomed)).toBe(0);
  expect(await traces("-wal", doomed)).toBe(0);
  await new Promise((resolve) => reader.close(resolve));
});
