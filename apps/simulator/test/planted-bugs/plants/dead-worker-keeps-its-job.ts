import type { Plant } from "../plant.js";

export const deadWorkerKeepsItsJob: Plant = {
  name: "dead-worker-keeps-its-job",
  breaks: "a job's lease does not end, so nobody takes over from a worker that died",
  file: "packages/ekm/dist/worker/job-lease.js",
  find: "JOB_LEASE_MS = 15_000;",
  replace: "JOB_LEASE_MS = 1_000_000_000;",
  caughtBy: [
    {
      experiment: "worker-killed-during-restore",
      phase: "method",
      step: "expect r1 SUCCEEDED",
      happened: /^r1 still RUNNING/,
      long: true,
    },
  ],
};
