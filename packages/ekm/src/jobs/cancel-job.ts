import { permit, reaches } from "../access/authorize.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import type { Entity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import type { UseCases } from "../use-cases.js";
import { endEntry } from "../worker/audit-end.js";
import { findJob, type JobRow, QUEUE_KINDS } from "./find-job.js";

/** A job after the request: CANCELLED, or still RUNNING with `cancelRequestedAt` set. */
export type CancelledJob = JobRow;

const JOB_ID = ["input", "jobId"];

/**
 * Cancels what no worker holds at once, and asks the worker otherwise, which stops at its next frame. Again: harmless. A job
 * that has ended otherwise is JOB_CONFLICT.
 */
export function cancelJob(ports: Pick<Ports, "store" | "clock">): UseCases["cancelJob"] {
  const { store, clock } = ports;
  return idempotent(ports, "cancelJob", jobEntity(store.read), async (caller, { jobId }, claim) => {
    const permitted = permit(caller, "cancelJob");
    if (!permitted.ok) return permitted;
    return store.transaction(async (tx) => {
      const job = await findJob(tx, jobId);
      if (!job || !reaches(caller, "cancelJob", job.value.accountId)) {
        return fail([rejection("JOB_NOT_FOUND", undefined, JOB_ID)]);
      }
      const { status, cancelRequestedAt } = job.value;
      if (status === "SUCCEEDED" || status === "FAILED") {
        return fail([rejection("JOB_CONFLICT", `The job has already ended: ${status}.`, JOB_ID)]);
      }
      const asked = status === "CANCELLED" || cancelRequestedAt !== undefined;
      const cancelled = asked ? job : await cancel(tx, job, caller.subject, clock.now());
      await claim.complete(tx, cancelled);
      return ok(cancelled);
    });
  });
}

async function cancel(tx: Repositories, { kind, value }: JobRow, actor: string, at: Date): Promise<JobRow> {
  const { id, accountId } = value;
  const rows = { backup: tx.backups, restore: tx.restores, verification: tx.verifications }[kind];
  const action = QUEUE_KINDS[kind];
  // A row that is still QUEUED may be in a worker's hands already: only a job that nobody holds ends here.
  const ended = value.status === "QUEUED" && (await tx.jobs.removeFree(action, id)) && (await rows.cancelQueued(id, at));
  if (ended) await tx.audit.append(accountId, at, endEntry({ action, subject: id, actor, end: { status: "CANCELLED" } }));
  else {
    await rows.requestCancel(id, at);
    const detail = `The ${kind} is to be cancelled.`;
    await tx.audit.append(accountId, at, { actor, action, subject: id, outcome: "DONE", detail, awsRequestIds: [] });
  }
  const after = await findJob(tx, id);
  if (!after) throw new Error(`job ${id} vanished`);
  return after;
}

const jobEntity = (read: Repositories): Entity<JobRow> => ({
  idOf: ({ value }) => value.id,
  accountIdOf: ({ value }) => value.accountId,
  find: (id) => findJob(read, id),
});
