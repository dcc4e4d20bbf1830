import { setTimeout as sleep } from "node:timers/promises";
import { accepted } from "../product/accepted.js";
import { readJob, startBackup, startRestore } from "../product/jobs.js";
import type { Backup, Job, JobKind, Restore } from "../product/types.js";
import { isFinal } from "../runner/jobs.js";
import { HarnessFailure } from "../runner/outcome.js";
import type { Subject } from "./subject.js";

const POLL_MS = 100;
const SETTLES_MS = 300_000;

export async function readJobState<T extends Job>({ operator }: Subject, kind: JobKind, id: string): Promise<T> {
  const answer = await readJob(operator, kind, id);
  if (!answer.ok) throw new HarnessFailure(`Reading the ${kind} failed: ${answer.error.code} ${answer.error.message}`);
  if (!answer.data.node) throw new HarnessFailure(`The ${kind} ${id} is no longer there.`);
  return answer.data.node as T;
}

/** The job once it has ended. Throws HarnessFailure where it has not within five minutes. */
export async function settledJob<T extends Job>(subject: Subject, kind: JobKind, id: string, signal: AbortSignal): Promise<T> {
  for (const deadline = Date.now() + SETTLES_MS; Date.now() < deadline; ) {
    const job = await readJobState<T>(subject, kind, id);
    if (isFinal(job)) return job;
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new HarnessFailure(`The ${kind} ${id} has not ended within five minutes.`);
}

export async function backUp(subject: Subject, sourceId: string, signal: AbortSignal): Promise<Backup> {
  const { accountId, operator } = subject;
  const { backup } = accepted("startBackup", await startBackup(operator, { accountId, sourceId }));
  if (!backup) throw new HarnessFailure("The product answered no backup.");
  return settledJob<Backup>(subject, "backup", backup.id, signal);
}

/** To `target`, replacing what is there; where it is absent, to a directory of the product's choice. */
export async function beginRestore(
  { operator }: Subject,
  backupId: string,
  more: { readonly target?: string | undefined; readonly bytesPerSecond?: number },
): Promise<Restore> {
  const input = {
    backupId,
    ...(more.target === undefined ? {} : { target: more.target, overwrite: true }),
    ...(more.bytesPerSecond === undefined ? {} : { maxBytesPerSecond: String(more.bytesPerSecond) }),
  };
  const { restore } = accepted("startRestore", await startRestore(operator, input));
  if (!restore) throw new HarnessFailure("The product answered no restore.");
  return restore;
}

export async function restore(
  subject: Subject,
  backupId: string,
  target: string | undefined,
  signal: AbortSignal,
): Promise<Restore> {
  const { id } = await beginRestore(subject, backupId, { target });
  return settledJob<Restore>(subject, "restore", id, signal);
}
