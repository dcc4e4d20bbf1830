// Invariant: for any content, frame length and way of cutting either stream into chunks, what comes out is what went in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALWAYS_OPEN, open, seal } from "../src/index.js";
import { chunks, collect, fixture, random } from "../testing/bytes.js";
import { mapMessage } from "../testing/message-map.js";

const cuts = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 });

describe("round trip", () => {
  it("holds for any size, frame length and chunking", async () => {
    const { sealOptions, openOptions } = fixture();
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 800 }),
        cuts,
        cuts,
        async (plaintext, frameLength, sourceCuts, messageCuts) => {
          const message = await collect(seal(chunks(plaintext, sourceCuts), { ...sealOptions, frameLength }));
          const frames = mapMessage(message, frameLength).frames;
          expect(frames.length).toBe(Math.floor(plaintext.length / frameLength) + 1);
          const opened = await collect(open(chunks(message, messageCuts), openOptions));
          expect(opened.equals(plaintext)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([64 * 1024, 100_000, 1024 * 1024])("holds for frames of %i bytes over chunks of 64 KiB", async (frameLength) => {
    const { sealOptions, openOptions } = fixture(frameLength);
    const plaintext = random(frameLength * 2 + 12_345);
    const message = await collect(seal(chunks(plaintext, [64 * 1024]), sealOptions));
    expect((await collect(open(chunks(message, [64 * 1024]), openOptions))).equals(plaintext)).toBe(true);
  });

  it("holds byte by byte, with frames of more than one piece", async () => {
    const { sealOptions, openOptions } = fixture(100_000);
    const plaintext = random(112_345);
    const message = await collect(seal(chunks(plaintext, [1]), sealOptions));
    expect((await collect(open(chunks(message, [1]), openOptions))).equals(plaintext)).toBe(true);
  });

  it("seals equal content to different bytes each time", async () => {
    const { seal } = fixture();
    const plaintext = random(40);
    const [one, two] = [await seal(plaintext), await seal(plaintext)];
    expect(one.length).toBe(two.length);
    expect(one.equals(two)).toBe(false);
  });

  it("allocates for what the source holds, not for the frame length", async () => {
    const { open, seal } = fixture();
    const message = await seal(random(10), { frameLength: 0xffff_ffff });
    expect((await open(message, { maxFrameLength: 0xffff_ffff })).bytes.length).toBe(10);
    expect((await open(message)).error).toMatchObject({ fault: "FRAME_TOO_LONG" });
  });
});

describe("ownership of buffers", () => {
  async function* reusing(whole: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.alloc(length);
    for (let offset = 0; offset < whole.length; offset += length) {
      const copied = Buffer.from(whole).copy(buffer, 0, offset, offset + length);
      yield buffer.subarray(0, copied);
      buffer.fill(0xee);
    }
  }

  it.each([7, 16, 33, 1000])("a source may overwrite its chunk of %i bytes once the next is asked for", async (length) => {
    const { sealOptions, openOptions } = fixture(16);
    const plaintext = random(5000);
    const message = await collect(seal(reusing(plaintext, length), sealOptions));
    expect((await collect(open(reusing(message, length), openOptions))).equals(plaintext)).toBe(true);
  });

  it("chunks that came out are never written again", async () => {
    const { sealOptions, openOptions } = fixture(16);
    const plaintext = random(5000);
    const message = await collectAtTheEnd(seal(chunks(plaintext, [5]), sealOptions));
    expect((await collectAtTheEnd(open(chunks(message, [9]), openOptions))).equals(plaintext)).toBe(true);
  });

  async function collectAtTheEnd(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const kept: { chunk: Uint8Array; atFirst: Buffer }[] = [];
    for await (const chunk of stream) kept.push({ chunk, atFirst: Buffer.from(chunk) });
    for (const { chunk, atFirst } of kept) expect(atFirst.equals(chunk)).toBe(true);
    return Buffer.concat(kept.map(({ chunk }) => chunk));
  }
});

describe("sources", () => {
  const { sealOptions, openOptions } = fixture(16);
  const failure = new Error("the disk is gone");
  async function* failing(whole: Uint8Array): AsyncGenerator<Uint8Array> {
    yield whole;
    throw failure;
  }

  it("hand their errors on as they are", async () => {
    await expect(collect(seal(failing(random(40)), sealOptions))).rejects.toBe(failure);
    const message = await collect(seal(chunks(random(40)), sealOptions));
    await expect(collect(open(failing(message.subarray(0, -1)), openOptions))).rejects.toBe(failure);
  });

  it("are closed when the consumer stops early, and when the message is bad", async () => {
    let closed = 0;
    async function* watched(whole: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        yield* chunks(whole, [10]);
      } finally {
        closed++;
      }
    }
    for await (const _ of seal(watched(random(400)), { ...sealOptions, frameLength: 1 }))
      if (closed === 0 && _.length === 1) break;
    expect(closed).toBe(1);
    const message = await collect(seal(chunks(random(400)), sealOptions));
    for await (const _ of open(watched(message), openOptions)) break;
    expect(closed).toBe(2);
    message[0] = 9;
    await expect(collect(open(watched(message), openOptions))).rejects.toMatchObject({ fault: "MALFORMED" });
    expect(closed).toBe(3);
  });
});

describe("options that the format cannot hold", () => {
  it.each([0, -1, 1.5, 2 ** 32, Number.NaN])("frame length %d", async (frameLength) => {
    await expect(fixture().seal(random(1), { frameLength })).rejects.toBeInstanceOf(RangeError);
  });
  it.each(["", "n".repeat(2000)])("a key name of no or 2000 bytes", async (keyName) => {
    await expect(fixture().seal(random(1), { keyName, gate: ALWAYS_OPEN })).rejects.toBeInstanceOf(RangeError);
  });
});
