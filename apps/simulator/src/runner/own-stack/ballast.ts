import { open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stack } from "../../stack/stack.js";
import { HarnessFailure } from "../outcome.js";

const CHUNKS = [1 << 20, 1 << 12] as const;

/** Fills the disk that the object store lies on until nothing fits any more, but for `leave` bytes. Answers how to make room again. */
export async function fillDisk({ layout, hasSmallDisk }: Stack, leave: number): Promise<() => Promise<void>> {
  if (!hasSmallDisk) throw new HarnessFailure("The store has no disk of its own to fill: set given.product.storeSize.");
  const file = join(dirname(layout.objects), "ballast");
  const handle = await open(file, "w");
  try {
    let written = 0;
    for (const size of CHUNKS) written += await writeUntilFull(handle, Buffer.alloc(size, 1));
    if (written <= leave) throw new HarnessFailure(`The situation never arose: no more than ${written} bytes were free.`);
    await handle.truncate(written - leave);
  } finally {
    await handle.close();
  }
  return () => rm(file, { force: true });
}

async function writeUntilFull(handle: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<number> {
  for (let written = 0; ; ) {
    try {
      written += (await handle.write(chunk)).bytesWritten;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOSPC") return written;
      throw error;
    }
  }
}
