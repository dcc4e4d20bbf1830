import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.js";
import { encodeFramePrefix, FrameCounter, frameIv, readFramePrefix } from "./frame.js";

async function* of(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe("frame prefix", () => {
  it.each([
    { sequence: 1, final: false, contentLength: 64 },
    { sequence: 0xffff_fffe, final: false, contentLength: 64 },
    { sequence: 0xffff_ffff, final: true, contentLength: 0 },
    { sequence: 3, final: true, contentLength: 64 },
  ])("comes back as it was: %o", async (position) => {
    const reader = new ByteReader(of(encodeFramePrefix(position)));
    expect(await readFramePrefix(reader, position.sequence, 64)).toEqual(position);
    expect(await reader.atEnd()).toBe(true);
  });

  it("has the sequence number as its IV", () => {
    expect(frameIv(0x01020304).toString("hex")).toBe("000000000000000001020304");
  });
});

describe("frame counter", () => {
  it("counts from one", () => {
    const counter = new FrameCounter();
    expect([counter.take(false), counter.take(false), counter.take(true)]).toEqual([1, 2, 3]);
  });

  it("gives the marker's number to no regular frame", () => {
    const counter = new FrameCounter(0xffff_fffe);
    expect(counter.take(false)).toBe(0xffff_fffe);
    expect(() => counter.take(false)).toThrowError(expect.objectContaining({ fault: "LIMIT_EXCEEDED" }));
    expect(counter.take(true)).toBe(0xffff_ffff);
    expect(() => counter.take(true)).toThrowError(expect.objectContaining({ fault: "LIMIT_EXCEEDED" }));
  });
});
