// Invariant: a tenant whose key does not answer, however many jobs it has waiting, holds up itself and nobody else.
import { type Job, systemClock } from "@ekm/ekm";
import { createMemoryPorts } from "@ekm/ekm/testing";
import { pino } from "pino";
import { expect, it } from "vitest";
import type { JobContext } from "../jobs/job-context.js";
import { jobLoop } from "./job-loop.js";

it("leaves the last free place to an account that has no job under way", async () => {
  const { store } = createMemoryPorts();
  await store.transaction(async ({ jobs }) => {
    for (const n of [1, 2, 3, 4, 5, 6]) await jobs.enqueue(backup(`silent_${n}`, "acc_silent", n));
    await jobs.enqueue(backup("other_1", "acc_other", 7));
  });
  const shutdown = new AbortController();
  const begun: string[] = [];
  let answer = (): void => {};
  const answered = new Promise<null>((resolve) => {
    answer = () => resolve(null);
  });
  const beginBackup = async (job: Job): Promise<null> => {
    begun.push(job.id);
    if (job.accountId === "acc_silent") return answered;
    await store.transaction((tx) => tx.jobs.complete(job));
    return null;
  };
  const useCases = { beginBackup } as Partial<JobContext["useCases"]> as JobContext["useCases"];
  const context = { useCases, clock: systemClock, log: pino({ level: "silent" }), shutdown: shutdown.signal } as JobContext;

  const loop = jobLoop(store, context, { owner: "w", concurrency: 4, leaseMs: 600_000, idleMs: 5 });
  await expect.poll(() => begun).toContain("other_1");
  expect(begun).toEqual(["silent_1", "silent_2", "silent_3", "other_1"]);
  shutdown.abort();
  answer();
  await loop;
});

function backup(id: string, accountId: string, atMs: number) {
  return { id, kind: "BACKUP", accountId, subjectId: `of_${id}`, at: new Date(atMs) } as const;
}
