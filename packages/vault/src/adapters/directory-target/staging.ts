import { type FileHandle, mkdir, open } from "node:fs/promises";
import path from "node:path";
import { VaultError } from "../../faults/vault-error.js";
import { mapAhead } from "../../streams/map-ahead.js";
import { createBatchWriter } from "../batch-writer.js";
import { type FlushFileSystem, findFlushFileSystem } from "../flush-file-system.js";
import { checkTarget } from "./check-target.js";
import { publish } from "./publish.js";
import { removeTree } from "./remove-tree.js";
import { besideTarget } from "./staging-names.js";
import { sweepStaging } from "./sweep-staging.js";
import { targetIo } from "./target-error.js";

/** Directories that are finished, or files that are flushed, at a time. */
const AT_A_TIME = 8;

export interface Attributes {
  readonly mode: number;
  readonly mtimeMs: number;
}

type Around = (bytes: number, write: () => Promise<void>) => Promise<void>;
type Flush = (handle: FileHandle) => Promise<void>;

export interface Staging {
  /** `relative` lies in a directory that was made before. */
  makeDirectory(relative: string): Promise<void>;
  /**
   * Writes a new file. `around` is run around each write to the disk, with the number of bytes. The file must not
   * exist: nothing that lies there, no link either, is ever written through.
   */
  writeFile(
    relative: string,
    attributes: Attributes,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    around: Around,
  ): Promise<void>;
  /** Gives the directories, "" being the root, their attributes. After this nothing more is written. */
  finishDirectories(directories: readonly ({ readonly path: string } & Attributes)[]): Promise<void>;
  /** Flushes everything, and then makes the target appear, whole. */
  publish(): Promise<void>;
  /** Removes everything; never throws, since what stays is swept at the next start. */
  wipe(): Promise<void>;
}

/** Makes an empty staging directory, for our eyes only, beside a target that was found good. All its methods throw VaultError. */
export async function createStaging(
  target: string,
  restoreId: string,
  overwrite: boolean,
  findFlush: () => Promise<FlushFileSystem | null> = findFlushFileSystem,
): Promise<Staging> {
  await checkTarget(target, overwrite);
  await sweepStaging(path.dirname(target), (other) => other !== restoreId);
  const root = besideTarget(target, "staging", restoreId);
  await targetIo(mkdir(root, { mode: 0o700 }));
  /** Null: each file and directory is flushed by itself. */
  const flushAll = await findFlush();
  const flush = async (handle: FileHandle): Promise<void> => {
    if (flushAll === null) await handle.sync();
  };
  return {
    makeDirectory: (relative) => targetIo(mkdir(path.join(root, relative), { mode: 0o700 })),
    writeFile: (relative, attributes, content, around) =>
      writeFile(path.join(root, relative), attributes, content, { around, flush }),
    async finishDirectories(directories) {
      const depths = new Map<number, ({ readonly path: string } & Attributes)[]>();
      for (const directory of directories) {
        const depth = directory.path === "" ? 0 : directory.path.split("/").length;
        depths.set(depth, [...(depths.get(depth) ?? []), directory]);
      }
      // The deepest first: a directory that gets read-only would bar the way to those in it.
      for (const [, group] of [...depths].sort(([a], [b]) => b - a)) {
        for await (const _ of mapAhead(group, AT_A_TIME, (one) => finishDirectory(path.join(root, one.path), one, flush)));
      }
    },
    async publish() {
      if (flushAll !== null && !(await flushAll(root)))
        throw new VaultError("STORAGE_UNAVAILABLE", "the restore target could not be flushed to its disk");
      await publish(root, target, restoreId, overwrite);
    },
    wipe: () => removeTree(root).catch(() => {}),
  };
}

async function writeFile(
  file: string,
  { mode, mtimeMs }: Attributes,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { around, flush }: { around: Around; flush: Flush },
): Promise<void> {
  const handle = await targetIo(open(file, "wx", 0o600));
  const writer = createBatchWriter(handle, (bytes, write) => around(bytes, () => targetIo(write())));
  try {
    for await (const chunk of content) await writer.write(chunk);
    await writer.flush();
    await targetIo(handle.chmod(mode));
    await targetIo(handle.utimes(...times(mtimeMs)));
    await targetIo(flush(handle));
  } finally {
    await writer.settled();
    await handle.close();
  }
}

async function finishDirectory(directory: string, { mode, mtimeMs }: Attributes, flush: Flush): Promise<void> {
  const handle = await targetIo(open(directory, "r"));
  try {
    await targetIo(handle.chmod(mode));
    await targetIo(handle.utimes(...times(mtimeMs)));
    await targetIo(flush(handle));
  } finally {
    await handle.close();
  }
}

/**
 * Access and modification time. The system cuts off below a microsecond: half of one keeps a whole millisecond whole. Node
 * takes a negative number for "now", but not a Date.
 */
function times(mtimeMs: number): [number | Date, number | Date] {
  const time = mtimeMs < 0 ? new Date(mtimeMs) : mtimeMs / 1000 + 5e-7;
  return [time, time];
}
