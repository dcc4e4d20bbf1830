import { randomBytes } from "node:crypto";
import path from "node:path";

const RESTORE_ID = /^[A-Za-z0-9_-]{1,128}$/;
const STAGED = /^(.+)\.ekm-(staging|replaced)-([A-Za-z0-9_-]{1,128})\.[0-9a-f]{8}$/;

/**
 * Names beside a target: `<target>.ekm-staging-<restoreId>.<random>` for a restore that runs, `<target>.ekm-replaced-…` for the
 * directory that it takes the place of. The random part keeps two owners of one restore, one of them stale, out of each other's way.
 */
export function besideTarget(target: string, role: "staging" | "replaced", restoreId: string): string {
  if (!RESTORE_ID.test(restoreId)) throw new RangeError("a restore's id is 1 to 128 letters, digits, - and _");
  return `${target}.ekm-${role}-${restoreId}.${randomBytes(4).toString("hex")}`;
}

/** What such a name says; null for any other name. */
export function parseBesideTarget(name: string): { target: string; role: string; restoreId: string } | null {
  const [, target, role, restoreId] = STAGED.exec(path.basename(name)) ?? [];
  return target === undefined || role === undefined || restoreId === undefined ? null : { target, role, restoreId };
}
