import { describe, expect, it } from "vitest";
import { together } from "./together.js";

/** A source whose reads end when the test says so. */
function createSource() {
  const reads: { keys: readonly string[]; answer: () => void; fail: () => void }[] = [];
  const ask = together<string, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        reads.push({
          keys,
          answer: () => resolve(keys.map((key) => key.toUpperCase())),
          fail: () => reject(new Error("the disk is gone")),
        });
      }),
  );
  return { ask, reads };
}

describe("what is asked at once", () => {
  it("is read at once, and each gets its own answer", async () => {
    const { ask, reads } = createSource();
    const answers = Promise.all(["a", "b", "a"].map(ask));
    await expect.poll(() => reads.length).toBe(1);
    expect(reads[0]?.keys).toEqual(["a", "b", "a"]);
    reads[0]?.answer();
    expect(await answers).toEqual(["A", "B", "A"]);
  });

  it("while a read is under way waits for the next one: nobody is answered from before they asked", async () => {
    const { ask, reads } = createSource();
    const first = ask("a");
    await expect.poll(() => reads.length).toBe(1);
    const later = Promise.all([ask("a"), ask("b")]);
    await new Promise(setImmediate);
    expect(reads).toHaveLength(1);
    reads[0]?.answer();
    expect(await first).toBe("A");
    await expect.poll(() => reads.length).toBe(2);
    expect(reads[1]?.keys).toEqual(["a", "b"]);
    reads[1]?.answer();
    expect(await later).toEqual(["A", "B"]);
  });

  it("is not remembered", async () => {
    const { ask, reads } = createSource();
    for (const round of [1, 2]) {
      const answer = ask("a");
      await expect.poll(() => reads.length).toBe(round);
      reads[round - 1]?.answer();
      expect(await answer).toBe("A");
    }
  });

  it("fails together, and goes on with what came after", async () => {
    const { ask, reads } = createSource();
    const first = Promise.allSettled(["a", "b"].map(ask));
    await expect.poll(() => reads.length).toBe(1);
    const later = ask("c");
    reads[0]?.fail();
    expect((await first).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect.poll(() => reads.length).toBe(2);
    reads[1]?.answer();
    expect(await later).toBe("C");
  });

  it("in more than one statement holds is read in several", async () => {
    const { ask, reads } = createSource();
    const keys = Array.from({ length: 1_201 }, (_, n) => `k${n}`);
    const answers = Promise.all(keys.map(ask));
    let answered = 0;
    await expect
      .poll(() => {
        for (; answered < reads.length; answered += 1) reads[answered]?.answer();
        return reads.reduce((sum, read) => sum + read.keys.length, 0);
      })
      .toBe(1_201);
    expect(Math.max(...reads.map((read) => read.keys.length))).toBeLessThanOrEqual(500);
    expect(await answers).toEqual(keys.map((key) => key.toUpperCase()));
  });
});
