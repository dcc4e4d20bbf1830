import { SYSTEM } from "../access/caller.js";
import type { Account, VendorKey } from "../accounts/account.js";
import { saveAccount } from "../accounts/write-account.js";
import { customerKeyOf } from "../health/record-observation.js";
import { traced, withIntent } from "../intents/with-intent.js";
import type { Job } from "../jobs/job.js";
import { ensureKeyRecord } from "../keyring/ensure-key-record.js";
import { spareRecords } from "../keyring/spare-records.js";
import { isStorageFault } from "../ports/key-records.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import { completeIdle, inFence } from "./fenced.js";
import { JOB_LEASE_MS } from "./job-lease.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

type SupersedePorts = Pick<Ports, "store" | "clock" | "ids" | "keyRecords" | "vendorKeys">;

const FIRST_DELAY_MS = 5_000;
const MAX_DELAY_MS = 10 * 60_000;

/**
 * After enabling: leaves no copy of a key that the vendor's key can open. Every step may be repeated, so a crash at any
 * point is made good by the next run. The vendor key's deletion cannot be undone and comes last.
 */
export function supersede(ports: SupersedePorts): WorkerUseCases["supersede"] {
  return async (job) => {
    const account = await ports.store.read.accounts.byId(job.subjectId);
    const vendorKey = account?.vendorKey;
    if (account === null || customerKeyOf(account) === null || vendorKey?.deletionDate !== undefined) {
      await inFence(ports.store, (tx) => completeIdle(tx, job));
      return true;
    }
    try {
      return (await leaveCustomerRecordsOnly(ports, job, account)) && (await destroyVendorKey(ports, job, account.id, vendorKey));
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      return later(ports, job);
    }
  };
}

/** Gives the job back, with a pause that doubles. */
async function later({ store }: SupersedePorts, job: Job): Promise<false> {
  const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(job.attempts, 20));
  await store.transaction((tx) => tx.jobs.release(job, delay));
  return false;
}

/** Rows first, then the records beside the backups, then what deletion left in the database's free pages. */
async function leaveCustomerRecordsOnly(ports: SupersedePorts, job: Job, account: Account): Promise<boolean> {
  const { store, keyRecords } = ports;
  const vendorArn = account.vendorKey?.arn;
  const complete = await inFence(store, async (tx, must) => {
    must(await tx.jobs.renew(job, JOB_LEASE_MS));
    const wraps = await tx.keys.wraps(account.id);
    const generations = await tx.keys.generations(account.id);
    const opened = generations.every(({ generation }) =>
      wraps.some((wrap) => wrap.generation === generation && wrap.state === "CURRENT" && wrap.keyArn !== vendorArn),
    );
    if (opened && vendorArn !== undefined) await tx.keys.deleteWraps(account.id, vendorArn);
    return opened;
  });
  if (complete === null) return false;
  // A generation that only the vendor's key opens: enabling is not through, and destroying would lose data.
  if (!complete) return later(ports, job);
  for (const generation of await store.read.keys.generations(account.id)) await ensureKeyRecord(ports, generation);
  if (vendorArn !== undefined) await keyRecords.removeByKey(account.id, vendorArn);
  if (!(await removeAbandonedRecords(ports, job, account.id))) return false;
  await store.scrub();
  return true;
}

/**
 * Of attempts to enable that were given up: records that nothing needs, but for those that a rotation has begun to write. What
 * goes is decided under the fence, of records that lay there before. False: the fence is lost.
 */
async function removeAbandonedRecords({ store, keyRecords }: SupersedePorts, job: Job, accountId: string): Promise<boolean> {
  const records = await keyRecords.list(accountId);
  const abandoned = await inFence(store, async (tx, must) => {
    must(await tx.jobs.renew(job, JOB_LEASE_MS));
    const { keys } = tx;
    const spare = spareRecords({ records, generations: await keys.generations(accountId), wraps: await keys.wraps(accountId) });
    const toArn = await rotatingTo(tx, accountId);
    return spare.filter(({ keyArn }) => keyArn !== toArn);
  });
  for (const record of abandoned ?? []) await keyRecords.remove(record);
  return abandoned !== null;
}

async function rotatingTo(tx: Repositories, accountId: string): Promise<string | undefined> {
  const ekm = (await tx.accounts.byId(accountId))?.ekm;
  return ekm?.status === "ROTATING" ? (await tx.rotations.byId(ekm.rotationId))?.toArn : undefined;
}

async function destroyVendorKey(
  ports: SupersedePorts,
  job: Job,
  accountId: string,
  vendorKey: VendorKey | undefined,
): Promise<boolean> {
  const { store, clock } = ports;
  if (vendorKey === undefined) {
    await inFence(store, (tx) => completeIdle(tx, job));
    return true;
  }
  const scheduled = await withIntent(ports, { accountId, purpose: "SUPERSEDE", keyArn: vendorKey.arn }, async () =>
    traced(await ports.vendorKeys.scheduleDeletion(vendorKey.arn)),
  );
  if (!scheduled.ok) return later(ports, job);
  const { deletionDate } = scheduled.value;
  const done = await inFence(store, async (tx, must) => {
    const account = await tx.accounts.byId(accountId);
    must(account !== null && (await tx.jobs.complete(job)));
    if (account === null) return false;
    await saveAccount(tx, { ...account, vendorKey: { ...vendorKey, deletionDate } });
    await tx.audit.append(accountId, clock.now(), {
      actor: SYSTEM.subject,
      action: "EKM_ENABLED",
      outcome: "DONE",
      subject: vendorKey.arn,
      detail: `The copies under the vendor's key were destroyed; AWS deletes that key on ${deletionDate.toISOString()}.`,
      awsRequestIds: scheduled.awsRequestId === undefined ? [] : [scheduled.awsRequestId],
    });
    return true;
  });
  return done === true;
}
