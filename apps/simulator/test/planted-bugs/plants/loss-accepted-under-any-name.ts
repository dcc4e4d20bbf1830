import type { Plant } from "../plant.js";

export const lossAcceptedUnderAnyName: Plant = {
  name: "loss-accepted-under-any-name",
  breaks: "the loss of old backups may be accepted without naming the account",
  file: "packages/ekm/dist/rotation/refuse-rotation.js",
  find: "if (acceptLossOfUnreadable === undefined || acceptLossOfUnreadable === name)",
  replace: "if (true)",
  caughtBy: [
    {
      experiment: "key-deleted-account-goes-on",
      phase: "method",
      step: "rotate the key of acme to next",
      happened: /accepted/,
    },
  ],
};
