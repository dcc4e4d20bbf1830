import type { Plant } from "../plant.js";

export const damagedObjectSkipped: Plant = {
  name: "damaged-object-skipped",
  breaks: "a restore passes over an object that it cannot verify, and succeeds",
  file: "packages/vault/dist/restore/restore-tree.js",
  find: "await restoreObject(plaintext, members, ownGate, { staging, pacer, progress, trace });",
  replace: "await restoreObject(plaintext, members, ownGate, { staging, pacer, progress, trace }).catch(() => undefined);",
  caughtBy: [
    {
      experiment: "damaged-object",
      phase: "method",
      step: "restore b1",
      happened: /^restore of acme SUCCEEDED$/,
    },
  ],
};
