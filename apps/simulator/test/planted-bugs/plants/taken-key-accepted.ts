import type { Plant } from "../plant.js";

export const takenKeyAccepted: Plant = {
  name: "taken-key-accepted",
  breaks: "a key that another tenant uses, and whose policy names nobody, passes for free",
  file: "packages/persistence/dist/repositories/accounts.js",
  find: "return rows.map((row) => row.id);",
  replace: "return [];",
  caughtBy: [
    {
      experiment: "key-of-another-account",
      phase: "method",
      step: "validate key main for beta",
      happened: /usable: true$/,
    },
  ],
};
