import type { Plant } from "../plant.js";

export const verificationNotesNoDamage: Plant = {
  name: "verification-notes-no-damage",
  breaks: "a verification reads what is damaged and says nothing of it",
  file: "packages/vault/dist/verify/run-verification.js",
  find: "    damage.requireNone(sample.length);",
  replace: "",
  caughtBy: [
    {
      experiment: "damaged-object",
      phase: "method",
      step: "verify b1",
      happened: /SUCCEEDED$/,
    },
  ],
};
