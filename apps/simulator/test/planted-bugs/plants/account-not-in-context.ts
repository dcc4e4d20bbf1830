import type { Plant } from "../plant.js";

export const accountNotInContext: Plant = {
  name: "account-not-in-context",
  breaks: "account keys are wrapped under a context that does not name the account",
  file: "packages/ekm/dist/keys/generation.js",
  find: `    "ekm:account": accountId,
    "ekm:purpose": "account-key",`,
  replace: `    "ekm:purpose": "account-key",`,
  caughtBy: [
    {
      experiment: "happy-path",
      phase: "method",
      step: "enable EKM for acme with main",
      happened: /KEY_ACCESS_DENIED/,
      given: { bytes: 1_000_000 },
    },
  ],
};
