import { SYSTEM } from "../../access/caller.js";
import { saveAccount } from "../../accounts/write-account.js";
import { problem } from "../../errors/catalog.js";
import type { Job } from "../../jobs/job.js";
import type { KeyWrap } from "../../keys/generation.js";
import { isStorageFault } from "../../ports/key-records.js";
import type { Repositories } from "../../ports/store.js";
import { certify, type Retirement } from "../../rotation/certify.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { completed } from "../../rotation/transitions.js";
import { keepCurrentRecordsOnly } from "./keep-current-records-only.js";
import { tryLater } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { endOf, retiring, rotationStep } from "./rotation-step.js";

/**
 * After the switch, and not before every lease that was begun under the former key has ended: the superseded wraps go, then
 * their records beside the backups, then what deletion left in the database's free pages; then the rotation is complete.
 * Every step may be repeated.
 */
export async function retireFormerKey(
  ports: RotationPorts,
  job: Job,
  rotation: KeyRotation,
  stop: AbortSignal,
): Promise<PhaseEnd> {
  const { store, clock, settings } = ports;
  const early = (rotation.switchedAt ?? clock.now()).getTime() + settings.leaseSeconds * 1000 - clock.now().getTime();
  if (early > 0) {
    const step = await rotationStep(ports, job, retiring, async (tx, must) => must(await tx.jobs.release(job, early)));
    return step.kind === "moved-on" ? "again" : "done";
  }
  const deleted = await rotationStep(ports, job, retiring, deleteSuperseded);
  if (deleted.kind !== "written") return endOf(deleted);
  try {
    const left = await keepCurrentRecordsOnly(ports, job, rotation.accountId, stop);
    if (left !== null) return left === "lost" ? "done" : "again";
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    return tryLater(ports, job, problem("STORAGE_UNAVAILABLE"));
  }
  await store.scrub();
  return complete(ports, job, rotation, clock.now());
}

async function deleteSuperseded(tx: Repositories, _: unknown, { accountId, fromArn }: KeyRotation): Promise<void> {
  const superseded = (await tx.keys.wraps(accountId)).filter((wrap) => wrap.state === "SUPERSEDED");
  for (const arn of new Set(superseded.map((wrap) => wrap.keyArn))) await tx.keys.deleteWraps(accountId, arn, "SUPERSEDED");
  await tx.keys.deleteCanary(accountId, fromArn);
}

/** Signed before the transaction, from what is true by then for good: nothing is ever wrapped by the former key again. */
async function complete(ports: RotationPorts, job: Job, rotation: KeyRotation, oldWrapsDeletedAt: Date): Promise<PhaseEnd> {
  const { accountId } = rotation;
  const wraps = await ports.store.read.keys.wraps(accountId);
  const backups = await ports.store.read.backups.countByGeneration(accountId);
  const retirement = await certify(ports, { rotation, wraps, backups, oldWrapsDeletedAt });
  const step = await rotationStep(ports, job, retiring, async (tx, must, now) => {
    const account = await tx.accounts.byId(accountId);
    if (account?.ekm.status !== "ROTATING" || account.ekm.rotationId !== now.id) {
      throw new Error(`account ${accountId} is not in rotation ${now.id}`);
    }
    const at = ports.clock.now();
    const { rotationId: _, ...ekm } = account.ekm;
    await saveAccount(tx, { ...account, ekm: { ...ekm, status: "ENABLED" } });
    const ended = completed(now, retirement.certificate, at);
    if (ended === null) throw new Error(`rotation ${now.id} cannot complete`);
    must(await tx.rotations.saveFenced(ended, "RUNNING", job));
    await tx.audit.append(accountId, at, {
      actor: SYSTEM.subject,
      action: "ROTATION_COMPLETED",
      outcome: "DONE",
      subject: now.id,
      detail: sentenceOf(now, retirement, wraps),
      awsRequestIds: [],
    });
    must(await tx.jobs.complete(job));
  });
  return step.kind === "moved-on" ? "again" : "done";
}

const NAMED = 20;

function sentenceOf({ fromArn, toArn }: KeyRotation, { certificate, moved }: Retirement, wraps: readonly KeyWrap[]): string {
  const done = `${moved.generations} generation(s) and ${moved.backups} backup(s) are under ${toArn}.`;
  if (certificate !== undefined) {
    return `${done} Nothing live depends on ${fromArn}: it may be retired after ${certificate.safeToRetireAfter.toISOString()}.`;
  }
  const left = wraps.filter((wrap) => wrap.keyArn === fromArn).map((wrap) => wrap.generation);
  const names = left.length > NAMED ? `${left.slice(0, NAMED).join(", ")}, ...` : left.join(", ");
  return `${done} ${left.length} generation(s) (${names}) still depend on ${fromArn}: keep that key.`;
}
