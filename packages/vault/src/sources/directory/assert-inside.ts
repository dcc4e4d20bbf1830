import { existsSync, readlinkSync } from "node:fs";
import { type FileHandle, lstat, realpath } from "node:fs/promises";
import path from "node:path";
import { sourceUnavailable } from "./source-error.js";

const HANDLE_PATHS = existsSync("/proc/self/fd");

const leavesRoot = (relative: string) =>
  sourceUnavailable(`${JSON.stringify(relative)} is not where it was found: moved, or reached through a symbolic link`);

/** Throws SOURCE_UNAVAILABLE unless the directory's real path is the one that the walk believes in. `root` is a real path. */
export async function assertInside(root: string, relative: string): Promise<void> {
  const expected = path.join(root, relative);
  if ((await realpath(expected)) !== expected) throw leavesRoot(relative);
  if (!(await lstat(expected)).isDirectory()) throw sourceUnavailable(`${JSON.stringify(relative)} is not a directory`);
}

/**
 * The same for a file that is open, which no later renaming can deceive: on Linux the kernel tells where the handle really
 * leads. Elsewhere the path is resolved once more, which leaves a moment between the two.
 */
export async function assertHandleInside(root: string, relative: string, handle: FileHandle): Promise<void> {
  const expected = path.join(root, relative);
  const actual = HANDLE_PATHS ? readlinkSync(`/proc/self/fd/${handle.fd}`) : await realpath(expected);
  if (actual !== expected) throw leavesRoot(relative);
}
