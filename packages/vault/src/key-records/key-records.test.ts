import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryObjectStore } from "../../testing/memory-object-store.js";
import { StorageError } from "../ports/object-store.js";
import { createKeyRecords } from "./key-records.js";

const ARN = "arn:aws:kms:us-east-1:111122223333:key/0d1e2f3a-0000-4000-8000-000000000001";
const OTHER = "arn:aws:kms:us-east-1:111122223333:key/0d1e2f3a-0000-4000-8000-000000000002";

let store: ReturnType<typeof createMemoryObjectStore>;
beforeEach(() => {
  store = createMemoryObjectStore();
});
const wrap = (generation: number, keyArn: string = ARN) => ({
  accountId: "acc_1",
  generation,
  keyArn,
  ciphertext: randomBytes(184),
});

describe("key records", () => {
  it("give back what was put, by account, in order of generation", async () => {
    const records = createKeyRecords(store);
    const wraps = [wrap(10), wrap(2), wrap(2, OTHER)];
    for (const one of wraps) await records.put(one, `kcv${one.generation}`);
    await records.put({ ...wrap(1), accountId: "acc_2" }, "kcv");
    const listed = await records.list("acc_1");
    expect(listed.map(({ generation }) => generation)).toEqual([2, 2, 10]);
    for (const one of wraps) expect(listed).toContainEqual({ ...one, checkValue: `kcv${one.generation}` });
    expect(await records.list("acc_3")).toEqual([]);
    expect([...store.objects.keys()].every((name) => /^acc_[12]\/keys\/\d+-[0-9a-f]{32}-[0-9a-f]{16}$/.test(name))).toBe(true);
  });

  it("take an identical record that is there for a success", async () => {
    const records = createKeyRecords(store);
    const one = wrap(1);
    await records.put(one, "kcv");
    await records.put({ ...one, ciphertext: Buffer.from(one.ciphertext) }, "kcv");
    expect(store.objects.size).toBe(1);
  });

  it("keep a new wrap by the same key beside the old one, never in its place", async () => {
    const records = createKeyRecords(store);
    await records.put(wrap(1), "kcv");
    await records.put(wrap(1), "kcv");
    expect(await records.list("acc_1")).toHaveLength(2);
  });

  it("remove every record of one key and of one account, and no other", async () => {
    const records = createKeyRecords(store);
    for (const one of [wrap(1), wrap(1), wrap(2), wrap(1, OTHER), { ...wrap(1), accountId: "acc_2" }])
      await records.put(one, "kcv");
    await records.removeByKey("acc_1", ARN);
    await records.removeByKey("acc_1", ARN);
    expect((await records.list("acc_1")).map(({ keyArn }) => keyArn)).toEqual([OTHER]);
    expect(await records.list("acc_2")).toHaveLength(1);
  });

  it("mend a damaged copy, and do not return before the record reads back", async () => {
    const records = createKeyRecords(store);
    const one = wrap(1);
    await records.put(one, "kcv");
    const [name = ""] = store.objects.keys();
    store.objects.set(name, Buffer.from("damaged"));
    await records.put(one, "kcv");
    expect(await records.list("acc_1")).toEqual([{ ...one, checkValue: "kcv" }]);
  });

  it("can be removed one by one: no other generation's, no other key's, and no later wrap by the same key goes with it", async () => {
    const records = createKeyRecords(store);
    const gone = wrap(1);
    const kept = [wrap(1), wrap(1, OTHER), wrap(11)];
    for (const one of [gone, ...kept]) await records.put(one, "kcv");
    await records.remove({ ...gone, checkValue: "kcv" });
    await records.remove({ ...gone, checkValue: "kcv" });
    const left = await records.list("acc_1");
    expect(left).toHaveLength(kept.length);
    for (const one of kept) expect(left).toContainEqual({ ...one, checkValue: "kcv" });
  });

  it("fail when the store does not give back what it was given", async () => {
    const lying = createKeyRecords({
      ...store,
      async put(name) {
        return store.put(
          name,
          (async function* () {
            yield Buffer.from("something else");
          })(),
        );
      },
    });
    await expect(lying.put(wrap(1), "kcv")).rejects.toBeInstanceOf(StorageError);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["cut", (bytes) => bytes.subarray(0, -10)],
    ["changed", (bytes) => Buffer.from(bytes.toString().replace('"kcv"', '"kcx"'))],
    ["of another version", (bytes) => Buffer.from(bytes.toString().replace('"version":1', '"version":2'))],
    ["of another generation", (bytes) => Buffer.from(bytes.toString().replace('"generation":1', '"generation":2'))],
    ["much too long", (bytes) => Buffer.concat([bytes, Buffer.alloc(1_000_000, " ")])],
    ["null", () => Buffer.from("null")],
    ["empty", () => Buffer.alloc(0)],
  ])("name a record that is %s instead of passing it over", async (_, damage) => {
    const records = createKeyRecords(store);
    await records.put(wrap(1), "kcv");
    const [name = "", bytes = Buffer.alloc(0)] = [...store.objects][0] ?? [];
    store.objects.set(name, damage(bytes));
    await expect(records.list("acc_1")).rejects.toThrow(name);
  });

  it("pass the store's own failures on", async () => {
    const failure = new StorageError("STORAGE_FULL", "full");
    const records = createKeyRecords({ ...store, put: () => Promise.reject(failure) });
    await expect(records.put(wrap(1), "kcv")).rejects.toBe(failure);
  });
});
