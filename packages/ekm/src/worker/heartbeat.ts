import type { Job } from "../jobs/job.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import { inFence, isEnded } from "./fenced.js";
import { JOB_LEASE_MS } from "./job-lease.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

type Progress = Parameters<WorkerUseCases["heartbeat"]>[1];

/** One transaction: the lease is renewed if and only if the progress is written. */
export function heartbeat({ store }: Pick<Ports, "store">): WorkerUseCases["heartbeat"] {
  return async (job, progress) => {
    const answer = await inFence(store, async (tx, must) => {
      must(await tx.jobs.renew(job, JOB_LEASE_MS));
      const save = job.kind === "RESTORE" ? saveRestore : job.kind === "VERIFICATION" ? saveVerification : saveBackup;
      const row = await save(tx, must, job, progress);
      return row?.cancelRequestedAt === undefined ? "go-on" : "cancel";
    });
    return answer ?? "fence-lost";
  };
}

async function saveBackup(tx: Repositories, must: (held: boolean) => void, job: Job, { lastSealedAt, ...rest }: Progress) {
  const backup = await tx.backups.byId(job.subjectId);
  must(backup !== null && !isEnded(backup));
  if (backup === null) return null;
  const progress = progressOf(rest);
  must(await tx.backups.saveFenced({ ...backup, progress, ...(lastSealedAt === undefined ? {} : { lastSealedAt }) }, job));
  return backup;
}

async function saveRestore(tx: Repositories, must: (held: boolean) => void, job: Job, { lastByteReleasedAt, ...rest }: Progress) {
  const restore = await tx.restores.byId(job.subjectId);
  must(restore !== null && !isEnded(restore));
  if (restore === null) return null;
  const progress = progressOf(rest);
  const released = { bytesReleased: progress.bytesDone, ...(lastByteReleasedAt === undefined ? {} : { lastByteReleasedAt }) };
  must(await tx.restores.saveFenced({ ...restore, progress, ...released }, job));
  return restore;
}

async function saveVerification(tx: Repositories, must: (held: boolean) => void, job: Job, progress: Progress) {
  const verification = await tx.verifications.byId(job.subjectId);
  must(verification !== null && !isEnded(verification));
  if (verification === null) return null;
  must(await tx.verifications.saveFenced({ ...verification, progress: progressOf(progress) }, job));
  return verification;
}

const progressOf = ({ bytesDone, bytesTotal, itemsDone, itemsTotal }: Progress) => ({
  bytesDone,
  itemsDone,
  ...(bytesTotal === undefined ? {} : { bytesTotal }),
  ...(itemsTotal === undefined ? {} : { itemsTotal }),
});
