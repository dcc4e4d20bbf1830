import { problem } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Problem } from "../errors/outcome.js";
import { problemOf } from "../errors/problem-of.js";
import { withIntent } from "../intents/with-intent.js";
import { GENERATION_MAX_AGE_MS, type KeyGeneration, MAX_WRAPS_PER_GENERATION, WRAP_BLOCK } from "../keys/generation.js";
import { wrapFreshKey } from "../keys/wrap-fresh-key.js";
import type { Repositories } from "../ports/store.js";
import { recordRequestIds } from "../preflight/record-request-ids.js";
import { ensureProtectingKey } from "./ensure-protecting-key.js";
import type { KeyringPorts } from "./keyring-ports.js";
import { protectingKeyArn } from "./protecting-key.js";

/** A try is lost only to somebody else's success, so a few are plenty. */
const MAX_TRIES = 5;

/**
 * The account's open generation, made if there is none, or if the last one is too old or full. Safe against other processes:
 * the row is written only if nobody made one meanwhile and the account's key is still the one that wraps it.
 */
export async function ensureOpenGeneration(ports: KeyringPorts, accountId: string): Promise<Outcome<KeyGeneration, Problem>> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = ports.clock.now();
    const open = await openGeneration(ports.store.read, accountId, now);
    if (open !== null) return ok(open);
    const account = await ports.store.read.accounts.byId(accountId);
    if (account === null) return fail(problem("ACCOUNT_NOT_FOUND"));
    if (account.keyLock) return fail(problem("KEYS_LOCKED"));
    const keyArn = await ensureProtectingKey(ports, account);
    if (!keyArn.ok) return keyArn;

    const number = (await latestNumber(ports.store.read, accountId)) + 1;
    const made = await withIntent(ports, { accountId, purpose: "FIRST_WRAP", keyArn: keyArn.value }, async () => {
      const { keyService, awsRequestIds } = recordRequestIds(ports.keyService);
      const value = await wrapFreshKey(keyService, { accountId, generation: number, keyArn: keyArn.value });
      return { value, done: value.ok, awsRequestIds };
    });
    if (!made.ok) return fail(problemOf(made.error));
    const written = await writeGeneration(ports, { accountId, number, keyArn: keyArn.value, ...made.value });
    if (written !== null) return ok(written);
  }
  return fail(problem("JOB_CONFLICT"));
}

const isUsedUp = (row: KeyGeneration, now: Date): boolean =>
  now.getTime() - row.createdAt.getTime() >= GENERATION_MAX_AGE_MS || row.reservedWraps + WRAP_BLOCK > MAX_WRAPS_PER_GENERATION;

async function openGeneration(from: Repositories, accountId: string, now: Date): Promise<KeyGeneration | null> {
  const rows = await from.keys.generations(accountId);
  return rows.findLast((row) => row.closedAt === undefined && !isUsedUp(row, now)) ?? null;
}

const latestNumber = async (from: Repositories, accountId: string): Promise<number> =>
  (await from.keys.generations(accountId)).at(-1)?.generation ?? 0;

interface NewGeneration {
  readonly accountId: string;
  readonly number: number;
  readonly keyArn: string;
  readonly ciphertext: Uint8Array;
  readonly checkValue: string;
}

/** Null: somebody else made one, or the account's key or lock changed; the wrap is thrown away. */
async function writeGeneration(
  { store, clock, ids }: KeyringPorts,
  { accountId, number, keyArn, ciphertext, checkValue }: NewGeneration,
): Promise<KeyGeneration | null> {
  return store.transaction(async (tx) => {
    const now = clock.now();
    const account = await tx.accounts.byId(accountId);
    const unchanged = account !== null && !account.keyLock && protectingKeyArn(account) === keyArn;
    if (!unchanged || (await latestNumber(tx, accountId)) !== number - 1) return null;
    if ((await openGeneration(tx, accountId, now)) !== null) return null;
    for (const row of await tx.keys.generations(accountId)) {
      if (row.closedAt === undefined) await tx.keys.closeGeneration(accountId, row.generation, now);
    }
    const generation: KeyGeneration = { accountId, generation: number, checkValue, createdAt: now, reservedWraps: 0 };
    await tx.keys.insertGeneration(generation);
    const wrap = { accountId, generation: number, keyArn, ciphertext, state: "CURRENT", createdAt: now } as const;
    await tx.keys.insertWrap({ ...wrap, id: ids.next("wrp") });
    return generation;
  });
}
