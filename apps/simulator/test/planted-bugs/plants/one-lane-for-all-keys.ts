import type { Plant } from "../plant.js";

export const oneLaneForAllKeys: Plant = {
  name: "one-lane-for-all-keys",
  breaks: "calls to one tenant's key wait for those to another's, which never answers",
  file: "packages/kms-aws/dist/resilience/with-concurrency.js",
  find: "    async function inLane(id, work) {",
  replace: '    async function inLane(_, work) { const id = "all"; perKey = 1;',
  caughtBy: [
    {
      experiment: "silent-key-leaves-others-alone",
      phase: "method",
      step: "expect beta goes on as ever",
      happened: /^backup of beta still RUNNING/,
      long: true,
    },
  ],
};
