import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunks } from "../../testing/bytes.js";
import { ByteReader } from "./byte-reader.js";

describe("byte reader", () => {
  it("gives every byte once and in order, whatever the chunks and the questions", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(20), { minLength: 1 }),
        fc.array(fc.tuple(fc.nat(300), fc.nat(50)), { minLength: 1 }),
        async (whole, cuts, questions) => {
          const reader = new ByteReader(chunks(whole, cuts));
          let offset = 0;
          for (const [atLeast, more] of questions) {
            if (atLeast > whole.length - offset) {
              await expect(reader.read(atLeast, atLeast + more)).rejects.toMatchObject({ fault: "TRUNCATED" });
              return;
            }
            const part = await reader.read(atLeast, atLeast + more);
            expect(part.length).toBeGreaterThanOrEqual(atLeast);
            expect(part.length).toBeLessThanOrEqual(atLeast + more);
            expect(Buffer.from(part).equals(whole.subarray(offset, offset + part.length))).toBe(true);
            offset += part.length;
          }
          expect(await reader.atEnd()).toBe(offset === whole.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("lends the source's own memory where a chunk holds enough", async () => {
    const whole = Buffer.alloc(100);
    const reader = new ByteReader(chunks(whole, [50]));
    expect((await reader.read(10, 40)).buffer).toBe(whole.buffer);
    expect((await reader.read(10)).byteOffset).toBe(whole.byteOffset + 40);
    expect((await reader.read(10, 100)).length).toBe(50);
  });

  it("drops what a source's clean-up throws", async () => {
    async function* untidy(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.alloc(10);
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: a source that misbehaves is what this test is about
        throw new Error("clean-up failed");
      }
    }
    const reader = new ByteReader(untidy());
    await reader.read(1);
    await expect(reader.close()).resolves.toBeUndefined();
  });
});
