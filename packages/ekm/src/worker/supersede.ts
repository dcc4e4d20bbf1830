import { SYSTEM } from "../access/caller.js";
import type { Account, VendorKey } from "../accounts/account.js";
import { saveAccount } from "../accounts/write-account.js";
import { customerKeyOf } from "../health/record-observation.js";
import { traced, withIntent } from "../intents/with-intent.js";
import type { Job } from "../jobs/job.js";
import { ensureKeyRecord } from "../keyring/ensure-key-record.js";
import { spareRecords } from "../keyring/spare-records.js";
import type { KeyGeneration } from "../keys/generation.js";
import { leftBehind } from "../keys/left-behind.js";
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

/**
 * Rows first, then the records beside the backups, then what deletion left in the database's free pages. A generation that enabling
 * left behind keeps its wrap and records: none of them opens, and this job destroys nothing that might be the last of its kind.
 */
async function leaveCustomerRecordsOnly(ports: SupersedePorts, job: Job, account: Account): Promise<boolean> {
  const { store, keyRecords } = ports;
  const vendorArn = account.vendorKey?.arn;
  const scene = await deleteVendorWraps(ports, job, account);
  if (scene === "lost") return false;
  // A generation that only the vendor's key opens: enabling is not through, and destroying would lose data.
  if (scene === "incomplete") return later(ports, job);
  for (const generation of scene.moved) await ensureKeyRecord(ports, generation);
  if (vendorArn !== undefined && scene.left.size === 0) await keyRecords.removeByKey(account.id, vendorArn);
  if (!(await removeAbandonedRecords(ports, job, account))) return false;
  await store.scrub();
  return true;
}

interface Superseded {
  /** What the customer's key opens. */
  readonly moved: readonly KeyGeneration[];
  readonly left: ReadonlyMap<number, string>;
}

async function deleteVendorWraps(
  { store }: SupersedePorts,
  job: Job,
  { id, vendorKey }: Account,
): Promise<Superseded | "incomplete" | "lost"> {
  const end = await inFence(store, async (tx, must) => {
    must(await tx.jobs.renew(job, JOB_LEASE_MS));
    const generations = await tx.keys.generations(id);
    const wraps = await tx.keys.wraps(id);
    const left = leftBehind({ generations, wraps }, vendorKey?.arn);
    const moved = generations.filter(({ generation }) => !left.has(generation));
    const current = new Map(wraps.filter(({ state }) => state === "CURRENT").map((wrap) => [wrap.generation, wrap.keyArn]));
    if (moved.some(({ generation }) => [undefined, vendorKey?.arn].includes(current.get(generation)))) return "incomplete";
    if (vendorKey === undefined) return { moved, left };
    if (left.size === 0) await tx.keys.deleteWraps(id, vendorKey.arn);
    else for (const { generation } of moved) await tx.keys.deleteWrap(id, generation, vendorKey.arn);
    return { moved, left };
  });
  return end ?? "lost";
}

/**
 * The vendor's records, and those of attempts to enable that were given up: records that nothing needs, but for those that a
 * rotation has begun to write. What goes is decided under the fence, of records that lay there before. False: the fence is lost.
 */
async function removeAbandonedRecords(
  { store, keyRecords }: SupersedePorts,
  job: Job,
  { id, vendorKey }: Account,
): Promise<boolean> {
  const records = await keyRecords.list(id);
  const abandoned = await inFence(store, async (tx, must) => {
    must(await tx.jobs.renew(job, JOB_LEASE_MS));
    const generations = await tx.keys.generations(id);
    const wraps = await tx.keys.wraps(id);
    const left = leftBehind({ generations, wraps }, vendorKey?.arn);
    const spare = new Set(spareRecords({ records, generations, wraps }));
    const toArn = await rotatingTo(tx, id);
    return records
      .filter((record) => left.get(record.generation) !== record.checkValue)
      .filter((record) => record.keyArn === vendorKey?.arn || (spare.has(record) && record.keyArn !== toArn));
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
