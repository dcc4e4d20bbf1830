import type { FileHandle } from "node:fs/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createBatchWriter } from "./batch-writer.js";

/** A handle that writes at most `most` bytes at a time, and at least one. */
function shortHandle(most: () => number) {
  const written: Buffer[] = [];
  const handle = {
    async writev(buffers: Uint8Array[]) {
      const all = Buffer.concat(buffers);
      const bytesWritten = Math.max(1, Math.min(all.length, most()));
      written.push(all.subarray(0, bytesWritten));
      return { bytesWritten };
    },
  };
  return { handle: handle as unknown as FileHandle, written: () => Buffer.concat(written) };
}

it("writes every byte once and in order, however short the system's writes are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 50 })),
      async (chunks, sizes) => {
        const { handle, written } = shortHandle(() => sizes.next().value ?? 1);
        const writer = createBatchWriter(handle, (_, write) => write());
        for (const chunk of chunks) await writer.write(chunk);
        await writer.flush();
        expect(written().equals(Buffer.concat(chunks))).toBe(true);
      },
    ),
  );
});

it("tells of a failed write at the next one, or at the flush, and starts no other", async () => {
  const failure = new Error("the disk broke");
  let batches = 0;
  const { handle } = shortHandle(() => 1);
  const writer = createBatchWriter(handle, async () => {
    batches++;
    throw failure;
  });
  const batch = Buffer.alloc(1024 * 1024);
  await writer.write(batch);
  await expect(writer.write(batch)).rejects.toBe(failure);
  await expect(writer.flush()).rejects.toBe(failure);
  await writer.settled();
  expect(batches).toBe(1);
});
