import type { Plant } from "../plant.js";

export const switchWithoutTheWraps: Plant = {
  name: "switch-without-the-wraps",
  breaks: "a rotation makes the new key the account's while the old wraps stay the current ones",
  file: "packages/ekm/dist/worker/rotation/switch-key.js",
  find: "    await tx.keys.promoteWraps(accountId, toArn);",
  replace: "",
  caughtBy: [
    {
      experiment: "rotate-happy",
      phase: "method",
      step: "expect rotation rot COMPLETED",
      happened: /rotation/,
    },
  ],
};
