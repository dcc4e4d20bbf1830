import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ObjectExistsError, type ObjectStore, StorageError } from "../src/ports/object-store.js";
import { bytesOf, collect } from "./collect.js";

export interface StoreUnderTest {
  readonly store: ObjectStore;
  readonly close: () => Promise<void>;
}

/** What the ObjectStore port promises, run on every adapter. `make` gives an empty store. */
export function describeObjectStore(adapter: string, make: () => Promise<StoreUnderTest>): void {
  describe(`ObjectStore contract: ${adapter}`, () => {
    let subject: StoreUnderTest;
    let store: ObjectStore;
    beforeEach(async () => {
      subject = await make();
      store = subject.store;
    });
    afterEach(() => subject.close());

    const read = async (name: string): Promise<Buffer | null> => {
      const body = await store.get(name);
      return body === null ? null : collect(body);
    };
    const names = async (prefix: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const name of store.list(prefix)) found.push(name);
      return found;
    };

    it.each([0, 1, 65_536, 3_000_001])("gives back what was put: %i bytes", async (size) => {
      const bytes = randomBytes(size);
      const stored = await store.put("a/b/c", bytesOf(bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)));
      expect(stored).toEqual({ bytes: size });
      expect((await read("a/b/c"))?.equals(bytes)).toBe(true);
    });

    it("shows an object that is to be flushed later at once, and flushes it when told", async () => {
      const names = ["a/later/1", "a/later/2", "b/later"];
      for (const name of names) await store.put(name, bytesOf(name), "later");
      expect((await read("b/later"))?.toString()).toBe("b/later");
      await store.flush(names);
      await store.flush([]);
      await expect(store.put("b/later", bytesOf("again"), "later")).rejects.toBeInstanceOf(ObjectExistsError);
      for (const name of names) expect((await read(name))?.toString()).toBe(name);
      await expect(store.flush(["a/later/1", "a/later/missing"])).rejects.toBeInstanceOf(StorageError);
    });

    it("answers null for an object that is not there, and for a mere prefix", async () => {
      await store.put("a/b/c", bytesOf("x"));
      expect(await store.get("a/b/d")).toBeNull();
      expect(await store.get("a/b")).toBeNull();
    });

    it("never replaces an object", async () => {
      await store.put("a/b", bytesOf("first"));
      await expect(store.put("a/b", bytesOf("second"))).rejects.toBeInstanceOf(ObjectExistsError);
      expect((await read("a/b"))?.toString()).toBe("first");
    });

    it("lets exactly one of many concurrent puts of a name win", async () => {
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => store.put("race", bytesOf(`body ${i}`))));
      expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(ObjectExistsError);
      }
      const winner = results.findIndex((result) => result.status === "fulfilled");
      expect((await read("race"))?.toString()).toBe(`body ${winner}`);
    });

    it("shows nothing while a body still flows, and nothing of a body that throws", async () => {
      const failure = new Error("the body broke");
      let seen: unknown = "not looked";
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield randomBytes(100_000);
        seen = [await store.get("a/half"), await names("a/")];
        throw failure;
      }
      await expect(store.put("a/half", broken())).rejects.toBe(failure);
      expect(seen).toEqual([null, []]);
      expect(await store.get("a/half")).toBeNull();
      expect(await names("a/")).toEqual([]);
      await store.put("a/half", bytesOf("the name is still free"));
    });

    it("deletes, and deleting what is not there is a success", async () => {
      await store.put("a/b", bytesOf("x"));
      await store.delete("a/b");
      await store.delete("a/b");
      await store.delete("never/was");
      expect(await store.get("a/b")).toBeNull();
      await store.put("a/b", bytesOf("again"));
      expect((await read("a/b"))?.toString()).toBe("again");
    });

    it("lists the names below a prefix in byte order, and no others", async () => {
      const expected = ["p/a-b", "p/a.b", "p/a/x", "p/a/y/z", "p/a0", "p/b"];
      for (const name of [...expected].reverse()) await store.put(name, bytesOf("x"));
      await store.put("pq/other", bytesOf("x"));
      expect(await names("p/")).toEqual(expected);
      expect(await names("p/a/")).toEqual(["p/a/x", "p/a/y/z"]);
      expect(await names("none/")).toEqual([]);
    });

    it("streams may be left early and read twice", async () => {
      await store.put("big", bytesOf(randomBytes(3_000_000)));
      const body = await store.get("big");
      for await (const chunk of body ?? []) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await read("big"))?.length).toBe(3_000_000);
    });

    it.each(["", "/", "a//b", "/a", "a/", "..", "a/../b", ".tmp/x", "a/.", "a b", "a\\b", "a\0", "ä", "x".repeat(1025)])(
      "refuses the name %j",
      async (name) => {
        await expect(store.put(name, bytesOf("x"))).rejects.toBeInstanceOf(RangeError);
        await expect(store.get(name)).rejects.toBeInstanceOf(RangeError);
        await expect(store.delete(name)).rejects.toBeInstanceOf(RangeError);
      },
    );
  });
}
