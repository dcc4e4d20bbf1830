import type { Job } from "../../jobs/job.js";
import { isStorageFault, type KeyRecord } from "../../ports/key-records.js";
import type { Repositories } from "../../ports/store.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { completeIdle, inFence } from "../fenced.js";
import { JOB_LEASE_MS } from "../job-lease.js";
import { retryDelay } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";

/**
 * After a rotation that made no switch: takes away the records that it wrote under the new key. A record whose wrap is in the
 * database stays, and so do all once another rotation to the same key is under way: they are that one's. What goes is decided
 * under the fence, of records that lay there before: a rotation that begins later writes records of its own.
 */
export async function clearNewRecords(
  ports: RotationPorts,
  job: Job,
  rotation: KeyRotation,
  stop: AbortSignal,
): Promise<PhaseEnd> {
  const { store, keyRecords } = ports;
  try {
    const written = (await keyRecords.list(rotation.accountId)).filter(({ keyArn }) => keyArn === rotation.toArn);
    const unwanted = await inFence(store, async (tx, must) => {
      must(await tx.jobs.renew(job, JOB_LEASE_MS));
      return unwantedOf(tx, rotation, written);
    });
    if (unwanted === null) return "done";
    for (const record of unwanted) {
      if (stop.aborted) return "again";
      await keyRecords.remove(record);
    }
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    await store.transaction((tx) => tx.jobs.release(job, retryDelay(ports, job.attempts)));
    return "done";
  }
  await inFence(store, (tx) => completeIdle(tx, job));
  return "done";
}

async function unwantedOf(
  tx: Repositories,
  { accountId, toArn }: KeyRotation,
  written: readonly KeyRecord[],
): Promise<readonly KeyRecord[]> {
  if (await isWantedAgain(tx, accountId, toArn)) return [];
  const rows = (await tx.keys.wraps(accountId)).filter(({ keyArn }) => keyArn === toArn);
  return written.filter((record) => !rows.some(({ generation }) => generation === record.generation));
}

async function isWantedAgain(tx: Repositories, accountId: string, keyArn: string): Promise<boolean> {
  const ekm = (await tx.accounts.byId(accountId))?.ekm;
  if (ekm?.status !== "ENABLED" && ekm?.status !== "ROTATING") return false;
  if (ekm.key.arn === keyArn) return true;
  return ekm.status === "ROTATING" && (await tx.rotations.byId(ekm.rotationId))?.toArn === keyArn;
}
