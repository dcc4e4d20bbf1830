import type { KeyHealth } from "../health/health.js";
import { customerKeyOf } from "../health/record-observation.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import type { WorkerUseCases } from "../worker/worker-use-cases.js";

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Before the deletion, in ms: AWS waits between 7 and 30 days. */
export const REMINDER_STEPS_MS: readonly number[] = [
  ...[30, 14, 7, 3, 1].map((days) => days * DAY_MS),
  ...[12, 6, 3, 1].map((hours) => hours * HOUR_MS),
];
const BATCH = 200;

/**
 * Tells again of keys that are about to be deleted, at each step of the countdown once, whichever process looks. That the deletion was
 * scheduled has been told when it was seen: the step in which that was is not told again. A step that was slept through is
 * left out when the next has come. A deletion that was cancelled and scheduled anew begins anew.
 */
export function remindOfDeletions({ store, clock }: Pick<Ports, "store" | "clock">): WorkerUseCases["remindOfDeletions"] {
  return async () => {
    const now = clock.now();
    let reminded = 0;
    let after = { deletionDate: now, accountId: "" };
    for (;;) {
      const found = await store.read.deletionReminders.pending(after, BATCH);
      for (const { accountId, deletionDate } of found) {
        if (deletionDate === undefined) continue;
        after = { deletionDate, accountId };
        if (await isUpToDate(store.read, accountId, deletionDate, now)) continue;
        if (await store.transaction((tx) => remind(tx, accountId, now))) reminded += 1;
      }
      if (found.length < BATCH) return reminded;
    }
  };
}

const stepAt = (deletionDate: Date, now: Date): number => {
  const left = deletionDate.getTime() - now.getTime();
  return REMINDER_STEPS_MS.findLast((step) => left <= step) ?? Number.POSITIVE_INFINITY;
};

async function isUpToDate(
  { deletionReminders }: Repositories,
  accountId: string,
  deletionDate: Date,
  now: Date,
): Promise<boolean> {
  const last = await deletionReminders.of(accountId);
  return last?.deletionDate.getTime() === deletionDate.getTime() && last.step <= stepAt(deletionDate, now);
}

/** Looks again, in the transaction: another process may have told it, and the deletion may have been cancelled. */
async function remind(tx: Repositories, accountId: string, now: Date): Promise<boolean> {
  const account = await tx.accounts.byId(accountId);
  const health = await tx.health.current(accountId);
  const deletionDate = account && health && pendingDate(health, customerKeyOf(account)?.arn, now);
  if (deletionDate === null || (await isUpToDate(tx, accountId, deletionDate, now))) return false;
  const last = await tx.deletionReminders.of(accountId);
  const step = stepAt(deletionDate, now);
  await tx.deletionReminders.put({ accountId, deletionDate, step });
  const isFirstLook = last?.deletionDate.getTime() !== deletionDate.getTime();
  if (isFirstLook) return false;
  await tx.events.append({ accountId, kind: "KEY_PENDING_DELETION", at: now }, false);
  return true;
}

const pendingDate = ({ keyArn, deletionDate }: KeyHealth, currentArn: string | undefined, now: Date): Date | null =>
  deletionDate !== undefined && deletionDate > now && keyArn === currentArn ? deletionDate : null;
