import type { Job } from "../../jobs/job.js";
import { isStorageFault } from "../../ports/key-records.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { completeIdle, inFence } from "../fenced.js";
import { retryDelay } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";

/**
 * After a rotation that made no switch: takes away the records that it wrote under the new key. A record whose wrap is in the
 * database stays, and so do all once another rotation to the same key is under way: they are that one's.
 */
export async function clearNewRecords(
  ports: RotationPorts,
  job: Job,
  { accountId, toArn }: KeyRotation,
  stop: AbortSignal,
): Promise<PhaseEnd> {
  const { store, keyRecords } = ports;
  try {
    for (const { generation, keyArn } of await keyRecords.list(accountId)) {
      if (keyArn !== toArn) continue;
      if (stop.aborted) return "again";
      const wraps = await store.read.keys.wraps(accountId);
      if (wraps.some((wrap) => wrap.generation === generation && wrap.keyArn === toArn)) continue;
      if (await isWantedAgain(ports, accountId, toArn)) break;
      await keyRecords.remove(accountId, generation, toArn);
    }
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    await store.transaction((tx) => tx.jobs.release(job, retryDelay(ports, job.attempts)));
    return "done";
  }
  await inFence(store, (tx) => completeIdle(tx, job));
  return "done";
}

async function isWantedAgain({ store }: RotationPorts, accountId: string, keyArn: string): Promise<boolean> {
  const ekm = (await store.read.accounts.byId(accountId))?.ekm;
  if (ekm?.status !== "ENABLED" && ekm?.status !== "ROTATING") return false;
  if (ekm.key.arn === keyArn) return true;
  return ekm.status === "ROTATING" && (await store.read.rotations.byId(ekm.rotationId))?.toArn === keyArn;
}
