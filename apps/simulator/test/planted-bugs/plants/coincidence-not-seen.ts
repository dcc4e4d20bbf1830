import type { Plant } from "../plant.js";

export const coincidenceNotSeen: Plant = {
  name: "coincidence-not-seen",
  breaks: "when all customers are denied at once, each is blamed for it",
  file: "packages/ekm/dist/health/denials.js",
  find: "const TOGETHER = 5;",
  replace: "const TOGETHER = 50;",
  caughtBy: [
    {
      experiment: "many-customers-denied-at-once",
      phase: "method",
      step: "probe the key of t5",
      happened: /^probe of t5's key UNUSABLE KEY_ACCESS_DENIED$/,
      long: true,
    },
  ],
};
