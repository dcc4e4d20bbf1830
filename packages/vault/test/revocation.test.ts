import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../src/ports/object-store.js";
import { createControl, createWorld, snapshot, type TestWorld, writeTree } from "../testing/index.js";

// Invariant: once the gate has closed for good no byte of plaintext is written, no frame is sealed, no target appears and no
// backup commits; whatever the moment, the answer is the key's own failure.

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
  for (let i = 0; i < 20; i++) await writeTree(world.source, { [`d${i % 3}/small${i}`]: randomBytes(20_000) });
  await writeTree(world.source, { "large.bin": randomBytes(3_000_000), "medium.bin": randomBytes(1_500_000) });
});
afterEach(() => world.close());

/** Closes the gate for good when it is asked for the n-th time from now. */
const closeAtQuestion = (n: number): void => {
  const from = world.keys.asked;
  world.keys.onAsk = () => {
    if (world.keys.asked - from >= n) world.keys.close("KEY_DISABLED");
  };
};

describe("a gate that closes in the middle", () => {
  it("of a restore: at any question, nothing is written after it and nothing appears", async () => {
    const backup = await world.backedUp();
    const before = world.keys.asked;
    expect((await world.restore(backup)).kind).toBe("done");
    const questions = world.keys.asked - before;
    expect(questions).toBeGreaterThan(100);
    const replaced = await snapshot(world.target);

    for (const n of [1, 2, 5, 10, 20, 40, 80, questions >> 1, questions - 30, questions - 2]) {
      closeAtQuestion(n);
      let endedAfterClose = 0;
      const control = createControl(undefined, () => {
        if (world.keys.closedBy !== undefined) endedAfterClose++;
      });
      const outcome = await world.restore(backup, control, { overwrite: true });
      expect(outcome).toMatchObject({ kind: "key", failure: "KEY_DISABLED" });
      expect(outcome.trace.bytesReleased).toBeLessThanOrEqual(backup.bytes);
      // Writes that the kernel had when the gate closed may end (8 small files and a batch of each large one, each reported as
      // bytes and as an item); none starts.
      expect(endedAfterClose).toBeLessThanOrEqual(2 * (8 + 2));
      expect(await snapshot(world.target)).toEqual(replaced);
      expect(await readdir(world.targets)).toEqual(["restored"]);
      world.keys.onAsk = undefined;
      world.keys.reopen();
    }
    expect((await world.restore(backup, undefined, { overwrite: true })).kind).toBe("done");
    expect(world.keys.held).toBe(0);
  });

  it("of a restore: the very last question, before the target appears, counts", async () => {
    const backup = await world.backedUp();
    // Closes when all bytes are written: only the question before the renaming is left.
    const control = createControl(undefined, ({ itemsDone, itemsTotal }) => {
      if (itemsDone === itemsTotal) world.keys.close("KEY_DISABLED");
    });
    const outcome = await world.restore(backup, control);
    expect(outcome).toMatchObject({ kind: "key", failure: "KEY_DISABLED", trace: { bytesReleased: backup.bytes } });
    expect(await readdir(world.targets)).toEqual([]);
  });

  it("of a backup: at any question it fails, and its objects are taken away", async () => {
    const before = world.keys.asked;
    await world.backedUp();
    const questions = world.keys.asked - before;
    world.store.objects.clear();
    for (const n of [1, 2, 5, 20, questions >> 1, questions - 20, questions - 2]) {
      closeAtQuestion(n);
      expect(await world.backup()).toEqual({ kind: "key", failure: "KEY_DISABLED" });
      expect([...world.store.objects.keys()]).toEqual([]);
      world.keys.onAsk = undefined;
      world.keys.reopen();
    }
    expect(world.keys.held).toBe(0);
    expect((await world.backup()).kind).toBe("done");
  });

  it("of a backup: after any piece of a frame, not one more comes out", async () => {
    let pieces = 0;
    let closeAfter = Number.POSITIVE_INFINITY;
    async function* watched(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of body) {
        if (++pieces === closeAfter) world.keys.close("KEY_DISABLED");
        yield piece;
      }
    }
    const put: ObjectStore["put"] = (name, body) => world.store.put(name, watched(body));
    world.ports = { ...world.ports, objects: { ...world.store, put } };
    const oneAtATime = () => createControl(1_000_000_000_000n);
    expect((await world.backup(oneAtATime())).kind).toBe("done");
    const all = pieces;
    expect(all).toBeGreaterThan(100);
    world.store.objects.clear();
    for (let n = 1; n <= all; n += Math.ceil(all / 60)) {
      pieces = 0;
      closeAfter = n;
      expect((await world.backup(oneAtATime())).kind).toBe("key");
      expect(pieces).toBe(n);
      world.keys.reopen();
    }
  });

  it("of a backup: the question after the manifest was sealed is the last one, and counts", async () => {
    const put = world.store.put.bind(world.store);
    world.ports = {
      ...world.ports,
      objects: {
        ...world.store,
        async put(name, body) {
          const stored = await put(name, body);
          if (name.endsWith("/manifest")) world.keys.close("KEY_DISABLED");
          return stored;
        },
      },
    };
    expect(await world.backup()).toEqual({ kind: "key", failure: "KEY_DISABLED" });
    expect([...world.store.objects.keys()]).toEqual([]);
  });
});

describe("a gate that is closed for a while", () => {
  it("makes the job wait and then go on", async () => {
    const backup = await world.backedUp();
    let waits = 0;
    const access = await world.keys.forReading("acc_1", 1);
    if (!access.ok) throw new Error(access.error);
    let open = true;
    const gate = {
      isOpen: () => {
        open = !open;
        return open;
      },
      waitUntilOpen: async () => {
        waits++;
        await new Promise((resolve) => setImmediate(resolve));
        open = false;
      },
    };
    world.ports = {
      ...world.ports,
      keys: { ...world.keys, forReading: async () => ({ ok: true, value: { ...access.value, gate } }) },
    };
    expect((await world.restore(backup)).kind).toBe("done");
    expect(waits).toBeGreaterThan(20);
  });

  it("still lets the job be stopped, which never comes back to it", async () => {
    const backup = await world.backedUp();
    const access = await world.keys.forReading("acc_1", 1);
    if (!access.ok) throw new Error(access.error);
    const control = createControl();
    const gate = {
      isOpen: () => false,
      waitUntilOpen: () => {
        setImmediate(() => control.stop("cancelled"));
        return new Promise<void>(() => {});
      },
    };
    world.ports = {
      ...world.ports,
      keys: { ...world.keys, forReading: async () => ({ ok: true, value: { ...access.value, gate } }) },
    };
    expect(await world.restore(backup, control)).toMatchObject({ kind: "stopped", stop: "cancelled" });
    expect(await readdir(world.targets)).toEqual([]);
  });
});

describe("a key that cannot be had at all", () => {
  it("is the outcome of both, before anything is touched", async () => {
    const backup = await world.backedUp();
    world.keys.close("KEY_ACCESS_DENIED");
    expect(await world.backup(undefined, { backupId: "bkp_2" })).toEqual({ kind: "key", failure: "KEY_ACCESS_DENIED" });
    expect(await world.restore(backup)).toEqual({ kind: "key", failure: "KEY_ACCESS_DENIED", trace: { bytesReleased: 0n } });
    expect([...world.store.objects.keys()].filter((name) => name.startsWith("acc_1/bkp_2/"))).toEqual([]);
    expect(await readdir(world.targets)).toEqual([]);
  });
});

describe("a job that is stopped", () => {
  it.each(["cancelled", "fence-lost", "shutting-down"] as const)("ends both ways with its reason: %s", async (reason) => {
    const backup = await world.backedUp();
    for (const run of [
      (control: ReturnType<typeof createControl>) => world.backup(control, { backupId: "bkp_2" }),
      (control: ReturnType<typeof createControl>) => world.restore(backup, control),
    ]) {
      const control = createControl(undefined, ({ bytesDone }) => {
        if (bytesDone > 500_000n) control.stop(reason);
      });
      const outcome = await run(control);
      expect(outcome).toMatchObject({ kind: "stopped", stop: reason });
      const early = createControl();
      early.stop(reason);
      expect(await run(early)).toMatchObject({ kind: "stopped", stop: reason });
    }
    expect([...world.store.objects.keys()].filter((name) => name.startsWith("acc_1/bkp_2/"))).toEqual([]);
    expect(await readdir(world.targets)).toEqual([]);
    expect(world.keys.held).toBe(0);
  });

  it("stops while it is held back to a rate, not at its next frame", async () => {
    const backup = await world.backedUp();
    let slept = 0;
    const control = createControl(1_000n); // the first write alone is worth minutes
    const clock = {
      now: () => new Date(),
      monotonicMs: () => slept,
      sleep: async (ms: number) => {
        slept += ms;
        if (slept > 2_000) control.stop("cancelled");
      },
    };
    world.ports = { ...world.ports, clock };
    expect(await world.restore(backup, control)).toMatchObject({ kind: "stopped", stop: "cancelled" });
    expect(slept).toBeLessThan(3_000);
  });
});
