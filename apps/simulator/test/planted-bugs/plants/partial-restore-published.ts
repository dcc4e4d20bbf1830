import type { Plant } from "../plant.js";

export const partialRestorePublished: Plant = {
  name: "partial-restore-published",
  breaks: "a restore that fails half way leaves at its target what it had written",
  file: "packages/vault/dist/restore/restore-tree.js",
  find: "await staging.wipe();",
  replace: "await staging.publish();",
  caughtBy: [
    {
      experiment: "key-disabled-during-restore",
      phase: "method",
      step: "expect r1 left nothing",
      happened: /^the target is there$/,
      given: { leaseSeconds: 2, bytes: 80_000_000 },
    },
  ],
};
