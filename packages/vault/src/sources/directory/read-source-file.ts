import { createHash } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { readAhead } from "../../adapters/read-ahead.js";
import { assertHandleInside } from "./assert-inside.js";
import { sourceIo, sourceUnavailable } from "./source-error.js";
import { permissionsOf } from "./walk-directory.js";

const CHUNK = 1024 * 1024;
// Not blocking: a pipe put in a file's place must not hang the job.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Attributes of what was read, at one moment, since it did not change meanwhile. */
export interface ReadFacts {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
}
export interface FileFacts extends ReadFacts {
  readonly sha256: string;
}

/**
 * Streams a file of the source; a chunk is lent until the next is asked for. `onRead` is called once, after the last chunk.
 * Throws VaultError(SOURCE_UNAVAILABLE), which names the file, when it cannot be read or changes meanwhile.
 */
export async function* readSourceFile(
  root: string,
  relative: string,
  onRead: (facts: ReadFacts) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { handle, before } = await openSourceFile(root, relative);
  const buffers = lentBuffers(CHUNK);
  const chunks = readAhead(handle, buffers.next);
  try {
    let size = 0;
    for (let next = await sourceIo(relative, chunks.next()); !next.done; next = await sourceIo(relative, chunks.next())) {
      size += next.value.length;
      yield next.value;
    }
    onRead(await unchanged(relative, handle, before, size));
  } finally {
    await chunks.return();
    buffers.wipe();
    await handle.close();
  }
}

/** The same for a file that is small enough to be held whole. Throws as {@link readSourceFile} does, also past `limit` bytes. */
export async function readSmallSourceFile(
  root: string,
  relative: string,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly facts: FileFacts }> {
  const { handle, before } = await openSourceFile(root, relative);
  try {
    const size = Number(before.size);
    if (size > limit) throw changed(relative);
    // One byte more than expected, to see a file that grows; less than asked for is the end of a file.
    const buffer = Buffer.allocUnsafeSlow(size + 1);
    let done = 0;
    for (let wanted = buffer.length; wanted > 0; ) {
      const { bytesRead } = await sourceIo(relative, handle.read(buffer, done, wanted, null));
      done += bytesRead;
      wanted = bytesRead < wanted ? 0 : wanted - bytesRead;
    }
    const bytes = buffer.subarray(0, done);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { bytes, facts: { ...(await unchanged(relative, handle, before, done)), sha256 } };
  } finally {
    await handle.close();
  }
}

/** Two buffers that take turns: one is with the consumer while the other is being filled. */
function lentBuffers(size: number): { next: () => Uint8Array; wipe: () => void } {
  const buffers: Buffer[] = [];
  let turn = 0;
  return {
    next() {
      turn = 1 - turn;
      buffers[turn] ??= Buffer.allocUnsafeSlow(size);
      return buffers[turn] as Buffer;
    },
    wipe() {
      for (const buffer of buffers) buffer?.fill(0);
    },
  };
}

async function openSourceFile(root: string, relative: string): Promise<{ handle: FileHandle; before: BigIntStats }> {
  const handle = await sourceIo(relative, open(path.join(root, relative), FLAGS));
  try {
    const before = await sourceIo(relative, handle.stat({ bigint: true }));
    if (!before.isFile()) throw changed(relative);
    await assertHandleInside(root, relative, handle);
    return { handle, before };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function unchanged(relative: string, handle: FileHandle, before: BigIntStats, size: number): Promise<ReadFacts> {
  const after = await sourceIo(relative, handle.stat({ bigint: true }));
  const same = after.size === before.size && after.mtimeNs === before.mtimeNs && after.ino === before.ino;
  if (!same || BigInt(size) !== before.size) throw changed(relative);
  return { size, mode: permissionsOf(before), mtimeMs: Number(before.mtimeMs) };
}

const changed = (relative: string) => sourceUnavailable(`${JSON.stringify(relative)} changed while it was read`);
