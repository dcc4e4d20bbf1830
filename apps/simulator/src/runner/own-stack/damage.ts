import { readFile, truncate, unlink, writeFile } from "node:fs/promises";
import { HarnessFailure } from "../outcome.js";

export const DAMAGES = ["flip", "truncate", "remove"] as const;
export type DamageKind = (typeof DAMAGES)[number];

/** A file as it was before it was damaged. */
export interface Damaged {
  readonly file: string;
  readonly before: Buffer;
}

/** flip: one bit in the middle; truncate: the second half is gone; remove: the file is gone. */
export async function damageFile(file: string, how: DamageKind): Promise<Damaged> {
  const before = await readFile(file);
  if (before.length === 0) throw new HarnessFailure(`The situation never arose: ${file} is empty.`);
  const middle = Math.floor(before.length / 2);
  if (how === "remove") await unlink(file);
  else if (how === "truncate") await truncate(file, middle);
  else {
    const changed = Buffer.from(before);
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    await writeFile(file, changed);
  }
  return { file, before };
}

export async function repairFile({ file, before }: Damaged): Promise<void> {
  await writeFile(file, before, { mode: 0o600 });
}
