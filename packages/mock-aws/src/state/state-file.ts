import { open, readFile, rename } from "node:fs/promises";
import type { World } from "../world.js";
import { loadSnapshot, type Snapshot, takeSnapshot } from "./snapshot.js";

const DEBOUNCE_MS = 50;

export interface StateFile {
  /** Writes what is not written yet and stops. Rejects if the last write failed. */
  close(): Promise<void>;
}

/**
 * Loads the file, where it exists, and from then on writes every change of the world: to a temporary file, flushed, then
 * renamed. Readable by its owner alone, for it holds key material.
 */
export async function keepState(world: World, path: string): Promise<StateFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text !== null) loadSnapshot(world, JSON.parse(text) as Snapshot);

  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: unknown;

  const write = (): Promise<void> => {
    timer = undefined;
    writing = writing
      .then(() => writeAtomically(path, JSON.stringify(takeSnapshot(world))))
      .then(
        () => {
          failure = undefined;
        },
        (error: unknown) => {
          failure = error;
        },
      );
    return writing;
  };

  const unsubscribe = world.events.subscribe((event) => {
    if (event.kind === "change") timer ??= setTimeout(write, DEBOUNCE_MS);
  });
  await writeAtomically(path, JSON.stringify(takeSnapshot(world)));

  return {
    async close() {
      unsubscribe();
      clearTimeout(timer);
      await write();
      if (failure !== undefined) throw failure;
    },
  };
}

async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
