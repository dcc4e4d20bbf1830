import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { orNull } from "./errno.js";

/** Flushes all of the file system that holds a directory; false when that failed. */
export type FlushFileSystem = (directory: string) => Promise<boolean>;

/**
 * One syncfs(2) instead of a flush for each of many files, which costs a commit of the file system's journal each. Node has no
 * call for it, `sync -f` (coreutils, busybox) has. Null where it cannot be had: elsewhere than on Linux `sync` may return before
 * it is done.
 */
export async function findFlushFileSystem(program = "/bin/sync"): Promise<FlushFileSystem | null> {
  if (process.platform !== "linux") return null;
  const found = await orNull(access(program, constants.X_OK).then(() => true));
  if (found === null) return null;
  return (directory) =>
    new Promise((resolve) => {
      execFile(program, ["-f", directory], { env: {} }, (error) => resolve(error === null));
    });
}
