import { createHash } from "node:crypto";
import type { DigestedStream, FrameGate } from "@ekm/crypto-core";
import type { Staging } from "../adapters/directory-target/staging.js";
import { corrupt } from "../faults/vault-error.js";
import type { FileEntry } from "../manifest/manifest.js";
import type { Pacer } from "../pacing/pacer.js";
import type { Progress } from "../pacing/progress.js";
import { passGate } from "../pacing/stoppable-gate.js";
import { mapAhead } from "../streams/map-ahead.js";
import { ByteCursor } from "./byte-cursor.js";
import type { ReleaseTrace } from "./release-trace.js";

/** Files up to this size are held whole, checked before they are written, and written several at a time. */
const SMALL_FILE = 1024 * 1024;
/** Small files that are written and flushed at a time. */
const WRITES = 8;

export interface RestoreContext {
  readonly staging: Staging;
  readonly pacer: Pacer;
  readonly progress: Progress;
  readonly trace: ReleaseTrace;
}

/**
 * Writes the files of one object, given in its order, into the staging directory. Throws VaultError and what `plaintext` throws.
 * A file that fills its object is held to the digest that was taken while the object was opened.
 */
export async function restoreObject(
  plaintext: DigestedStream,
  files: readonly FileEntry[],
  gate: FrameGate,
  { staging, pacer, progress, trace }: RestoreContext,
): Promise<void> {
  /** Nothing stands between the gate's answer and the write. */
  const release = async (bytes: number, write: () => Promise<void>): Promise<void> => {
    await passGate(gate);
    await write();
    trace.add(bytes);
    pacer.charge(bytes);
    progress.bytes(bytes);
  };
  const write = async (file: FileEntry, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> => {
    await passGate(gate);
    await staging.writeFile(file.path, file, content, release);
    progress.item();
  };

  const cursor = new ByteCursor(plaintext, pacer.ready);
  const [alone] = files.length === 1 ? files : [];
  async function* smallFiles(): AsyncGenerator<{ file: FileEntry; pieces: Uint8Array[] }> {
    for (const file of files) {
      if (file.size > SMALL_FILE) {
        const content = cursor.take(file.size);
        await write(file, file === alone ? content : verified(file, content));
        continue;
      }
      const pieces: Uint8Array[] = [];
      for await (const piece of verified(file, cursor.take(file.size))) pieces.push(piece);
      yield { file, pieces };
    }
    await cursor.requireEnd();
    if (alone !== undefined) requireDigest(alone, plaintext.digest());
  }
  try {
    for await (const _ of mapAhead(smallFiles(), WRITES, ({ file, pieces }) => write(file, pieces)));
  } finally {
    await cursor.close();
  }
}

/** Passes content through and throws VaultError(BACKUP_CORRUPT) at its end unless it has the digest that the manifest states. */
async function* verified(file: FileEntry, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
  requireDigest(file, hash.digest("hex"));
}

function requireDigest(file: FileEntry, sha256: string): void {
  if (sha256 !== file.sha256) throw corrupt(`the content of ${JSON.stringify(file.path)} is not what was backed up`);
}
