import type { Plant } from "../plant.js";

export const refusalTakenForAccident: Plant = {
  name: "refusal-taken-for-accident",
  breaks: "a job whose key is refused is tried again and again, and ends as an accident of ours",
  file: "apps/worker/dist/jobs/run-in-session.js",
  find: "const end = work.endOf(outcome);",
  replace: 'const end = outcome.kind === "key" ? null : work.endOf(outcome);',
  caughtBy: [
    {
      experiment: "key-disabled-during-restore",
      phase: "method",
      step: "expect r1 FAILED",
      happened: /^r1 (still (RUNNING|QUEUED)|FAILED INTERNAL)/,
      given: { leaseSeconds: 2, bytes: 80_000_000 },
    },
  ],
};
