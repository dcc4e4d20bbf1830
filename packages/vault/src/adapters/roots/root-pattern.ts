import { mkdir, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { isObjectNamePart } from "../../ports/object-name.js";

/** Stands, as a whole part of a root's path, for the id of the account. */
export const ACCOUNT = "{account}";

/** A root as the deployment names it: an absolute path, shared by all accounts unless one part of it is {@link ACCOUNT}. */
export interface RootPattern {
  /** The deployment's part, which may lead over symbolic links. */
  readonly base: string;
  /** What follows, beginning with {@link ACCOUNT}; empty for a shared root. In it an account might have put a link: none is followed. */
  readonly own: readonly string[];
}

export interface AccountRoot {
  readonly given: string;
  readonly real: string;
}

/** Throws RangeError unless the account stands for itself as one whole part, at most once. */
export function parseRoot(root: string): RootPattern {
  const resolved = path.resolve(root);
  const times = resolved.split(ACCOUNT).length - 1;
  if (times === 0) return { base: resolved, own: [] };
  const parts = resolved.split(path.sep);
  const at = parts.indexOf(ACCOUNT);
  if (times > 1 || at < 0) throw new RangeError(`${ACCOUNT} is one whole part of the path, once`);
  return { base: parts.slice(0, at).join(path.sep) || path.sep, own: parts.slice(at) };
}

/** The path of an account's root, whether it is there or not. */
export const pathOfRoot = ({ base, own }: RootPattern, accountId: string): string => path.join(base, ...partsFor(own, accountId));

/** The root of an account where it is now; null when it is not there, or is reached over a link in the account's own part. */
export async function accountRoot(pattern: RootPattern, accountId: string): Promise<AccountRoot | null> {
  const real = await orNull(realpath(pattern.base));
  if (real === null) return null;
  const expected = path.join(real, ...partsFor(pattern.own, accountId));
  if ((await orNull(realpath(expected))) !== expected) return null;
  return { given: pathOfRoot(pattern, accountId), real: expected };
}

/** Makes the account's part of a root where it is missing; the deployment's part must be there. Follows no link. */
export async function makeAccountRoot({ base, own }: RootPattern, accountId: string): Promise<void> {
  let at = await orNull(realpath(base));
  for (const part of partsFor(own, accountId)) {
    if (at === null) return;
    const next = path.join(at, part);
    await orNull(mkdir(next, { mode: 0o700 }));
    at = (await orNull(realpath(next))) === next ? next : null;
  }
}

/** The roots of all accounts that are there now, by their real paths. */
export async function everyAccountRoot(pattern: RootPattern): Promise<readonly string[]> {
  const { base, own } = pattern;
  const names = own.length === 0 ? [""] : ((await orNull(readdir(base))) ?? []).filter(isObjectNamePart);
  const found: string[] = [];
  for (const name of names) {
    const root = await accountRoot(pattern, name);
    if (root !== null) found.push(root.real);
  }
  return found;
}

function partsFor(own: readonly string[], accountId: string): readonly string[] {
  if (own.length === 0) return own;
  if (!isObjectNamePart(accountId)) throw new RangeError("an account's id is one part of a path");
  return own.map((part) => (part === ACCOUNT ? accountId : part));
}

const orNull = <T>(work: Promise<T>): Promise<T | null> => work.catch(() => null);
