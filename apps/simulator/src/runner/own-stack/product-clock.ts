import { readFile, rename, writeFile } from "node:fs/promises";
import type { Stack } from "../../stack/stack.js";
import { HarnessFailure } from "../outcome.js";

/** How far the product's wall clock is ahead of the machine's, in milliseconds; its processes look at the file each time they look at the clock. */
export async function shiftProductClock({ clockOffsetFile }: Stack, byMs: number): Promise<void> {
  if (clockOffsetFile === undefined) throw new HarnessFailure("This stack was started without a clock that can be moved.");
  const offset = Number(await readFile(clockOffsetFile, "utf8"));
  await setOffset(clockOffsetFile, offset + byMs);
}

export async function resetProductClock({ clockOffsetFile }: Stack): Promise<void> {
  if (clockOffsetFile !== undefined) await setOffset(clockOffsetFile, 0);
}

/** Never half written: a reader must not see a part of the number. */
async function setOffset(file: string, ms: number): Promise<void> {
  await writeFile(`${file}.next`, String(ms));
  await rename(`${file}.next`, file);
}
