// Invariant: no statement of a transaction ever runs outside it, on the one connection that all transactions share.
import { stat } from "node:fs/promises";
import { type Repositories, type Store, StoreError } from "@ekm/ekm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, entry, healthy, insertAccount, insertWraps, wrap } from "./fixtures.js";
import { openTemporary } from "./support.js";

let opened: Awaited<ReturnType<typeof openTemporary>>;
let store: Store;
beforeEach(async () => {
  opened = await openTemporary();
  store = opened.store;
});
afterEach(() => opened.cleanup());

describe("a transaction", () => {
  it("writes nothing of calls that were still under way when its work rejected", async () => {
    const accounts = [await insertAccount(store), await insertAccount(store), await insertAccount(store)];
    const calls: Promise<unknown>[] = [];
    const work = store.transaction(async (tx) => {
      // Several statements each: the last ones are not yet on their way when the work rejects.
      for (const { id } of accounts) calls.push(tx.health.put(healthy(id)));
      throw new Error("early");
    });
    await expect(work).rejects.toThrow("early");
    await Promise.allSettled(calls);
    for (const { id } of accounts) expect(await store.read.health.current(id)).toBeNull();
  });

  it("rolls back when a call was not awaited: it may have failed unseen", async () => {
    const made = account();
    const work = store.transaction(async (tx) => {
      void tx.accounts.insert(made);
    });
    await expect(work).rejects.toThrow("not awaited");
    expect(await store.read.accounts.byId(made.id)).toBeNull();
  });

  it("does not commit after a failed statement, even when the work caught its error", async () => {
    const [existing, fresh] = [await insertAccount(store), account()];
    const work = store.transaction(async (tx) => {
      await tx.accounts.insert(fresh);
      await tx.accounts.insert(existing).catch(() => undefined);
      await tx.audit.append(existing.id, new Date(), entry).catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/UNIQUE/);
    expect(await store.read.accounts.byId(fresh.id)).toBeNull();
    expect(await store.read.audit.count(existing.id, {})).toBe(0n);
  });

  it("does not wait for itself: one inside another is refused, and its own is still good", async () => {
    const made = account();
    await store.transaction(async (tx) => {
      await expect(store.transaction(async () => undefined)).rejects.toBeInstanceOf(StoreError);
      await expect(store.scrub()).rejects.toBeInstanceOf(StoreError);
      await tx.accounts.insert(made);
    });
    expect(await store.read.accounts.byId(made.id)).toEqual(made);
  });

  it("may be followed by another from the same flow", async () => {
    await store.transaction(async (tx) => tx.accounts.insert(account()));
    await store.transaction(async (tx) => tx.accounts.insert(account()));
    expect(await store.read.accounts.count({})).toBe(2n);
  });

  it("cannot be used once it has ended, while another runs", async () => {
    let ended: Repositories | undefined;
    await store.transaction(async (tx) => {
      ended = tx;
    });
    const made = account();
    await store.transaction(async () => {
      await expect(ended?.accounts.insert(made)).rejects.toThrow("ended");
    });
    expect(await store.read.accounts.byId(made.id)).toBeNull();
  });
});

describe("the store", () => {
  it("keeps its files from other users", async () => {
    await insertAccount(store);
    for (const suffix of ["", "-wal", "-shm"]) expect((await stat(`${opened.sqlitePath}${suffix}`)).mode & 0o077, suffix).toBe(0);
  });

  it("refuses rows that refer to nothing", async () => {
    await expect(store.transaction((tx) => tx.audit.append("acc_unknown", new Date(), entry))).rejects.toThrow(/FOREIGN KEY/);
  });

  it("refuses a ciphertext that no KMS could have made, and does not repeat it in the error", async () => {
    const { id } = await insertAccount(store);
    const tooLong = { ...wrap(id, 1, 6145), ciphertext: Buffer.alloc(6145, "secret") };
    const error = await insertWraps(store, id, [tooLong]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(`${error} ${(error as Error).stack} ${JSON.stringify(error)} ${(error as Error).cause}`).not.toMatch(
      /secret|736563|INSERT/,
    );
  });

  it("answers StoreError after it was closed", async () => {
    const other = await openTemporary();
    await other.store.close();
    await expect(other.store.read.accounts.byId("acc_1")).rejects.toBeInstanceOf(StoreError);
    await expect(other.store.transaction(async () => undefined)).rejects.toBeInstanceOf(StoreError);
    await other.store.close();
  });

  it("refuses a count that it could not give back exactly", async () => {
    const { id } = await insertAccount(store);
    const source = { id: "src_1", accountId: id, name: "n", kind: "DIRECTORY", location: "/", createdAt: new Date(0) } as const;
    const insert = (bytesDone: bigint) =>
      store.transaction(async (tx) => {
        await tx.sources.insert(source);
        await tx.backups.insert({
          id: "bkp_1",
          accountId: id,
          sourceId: source.id,
          status: "QUEUED",
          progress: { bytesDone, itemsDone: 0n },
          createdAt: new Date(0),
          requestedBy: "operator",
          createdUnder: "CLOUD",
        });
      });
    await expect(insert(2n ** 53n)).rejects.toThrow("2^53");
    await insert(2n ** 53n - 1n);
    expect(await store.read.backups.byId("bkp_1")).toMatchObject({ progress: { bytesDone: 2n ** 53n - 1n } });
  });
});
