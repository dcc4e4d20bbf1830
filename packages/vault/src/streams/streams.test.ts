import { describe, expect, it } from "vitest";
import { inParallel } from "./in-parallel.js";
import { mapAhead } from "./map-ahead.js";

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("mapAhead", () => {
  it("keeps the order and never exceeds its width", async () => {
    let running = 0;
    let most = 0;
    const results: number[] = [];
    const work = async (n: number): Promise<number> => {
      most = Math.max(most, ++running);
      for (let i = 0; i < (n * 7) % 5; i++) await tick();
      running--;
      return n;
    };
    for await (const n of mapAhead(
      Array.from({ length: 20 }, (_, i) => i),
      3,
      work,
    ))
      results.push(n);
    expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(most).toBe(3);
  });

  it("ends what it started before it ends itself, on failure and when left early", async () => {
    let running = 0;
    const work = async (n: number): Promise<number> => {
      running++;
      await tick();
      await tick();
      running--;
      if (n === 1) throw new Error("second");
      return n;
    };
    const all = async (): Promise<void> => {
      for await (const _ of mapAhead([0, 1, 2, 3, 4], 3, work));
    };
    await expect(all()).rejects.toThrow("second");
    expect(running).toBe(0);
    for await (const _ of mapAhead([0, 2, 3, 4], 3, work)) break;
    expect(running).toBe(0);
  });
});

describe("inParallel", () => {
  it("throws the first failure, not what it made the others throw, and waits for them", async () => {
    const ended: number[] = [];
    const run = inParallel([0, 1, 2], 3, new AbortController().signal, async (n, signal) => {
      if (n === 2) throw new Error("the cause");
      while (!signal.aborted) await tick();
      ended.push(n);
      throw new Error("a consequence");
    });
    await expect(run).rejects.toThrow("the cause");
    expect(ended).toEqual([0, 1]);
  });

  it("does the same when the items themselves fail", async () => {
    let ended = false;
    async function* items(): AsyncGenerator<number> {
      yield 0;
      throw new Error("no more items");
    }
    const run = inParallel(items(), 3, new AbortController().signal, async (_, signal) => {
      while (!signal.aborted) await tick();
      ended = true;
    });
    await expect(run).rejects.toThrow("no more items");
    expect(ended).toBe(true);
  });

  it("passes the caller's own stop on", async () => {
    const stop = new AbortController();
    const run = inParallel([0, 1], 2, stop.signal, async (_, signal) => {
      while (!signal.aborted) await tick();
      throw new Error(String(signal.reason));
    });
    stop.abort("cancelled");
    await expect(run).rejects.toThrow("cancelled");
  });
});
