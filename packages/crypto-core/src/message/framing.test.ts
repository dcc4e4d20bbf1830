import { describe, expect, it } from "vitest";
import { chunks } from "../../testing/bytes.js";
import { intoFrames } from "./framing.js";

describe("framing", () => {
  it("ends with a final frame that is not full, empty if need be", async () => {
    const lengths = async (size: number): Promise<[number, boolean][]> => {
      const frames: [number, boolean][] = [];
      for await (const { plaintext, final } of intoFrames(chunks(Buffer.alloc(size), [3]), 4))
        frames.push([plaintext.length, final]);
      return frames;
    };
    expect(await lengths(0)).toEqual([[0, true]]);
    expect(await lengths(3)).toEqual([[3, true]]);
    expect(await lengths(4)).toEqual([
      [4, false],
      [0, true],
    ]);
    expect(await lengths(9)).toEqual([
      [4, false],
      [4, false],
      [1, true],
    ]);
  });

  it("lends the source's own memory where a frame lies within a chunk", async () => {
    const whole = Buffer.alloc(1000);
    for await (const { plaintext, final } of intoFrames(chunks(whole, [500]), 250)) {
      if (!final) expect(plaintext.buffer).toBe(whole.buffer);
    }
  });

  it("overwrites what it gathered, at the end and when it is left early", async () => {
    const gathered: Uint8Array[] = [];
    for await (const { plaintext } of intoFrames(chunks(Buffer.alloc(10, 1), [3]), 4)) gathered.push(plaintext);
    for await (const { plaintext } of intoFrames(chunks(Buffer.alloc(10, 1), [3]), 4)) {
      gathered.push(plaintext);
      break;
    }
    expect(gathered.map((frame) => [...frame])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0],
      [0, 0, 0, 0],
    ]);
  });
});
