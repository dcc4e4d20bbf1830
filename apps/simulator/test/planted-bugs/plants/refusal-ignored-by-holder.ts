import type { Plant } from "../plant.js";

export const refusalIgnoredByHolder: Plant = {
  name: "refusal-ignored-by-holder",
  breaks: "whoever holds a key goes on with it when KMS refuses to open it again",
  file: "packages/crypto-core/dist/lease/lease.js",
  find: "            this.#refused(outcome.failure);",
  replace: "            this.#key === null ? this.#refused(outcome.failure) : this.#adopt(this.#key, term);",
  caughtBy: [
    {
      experiment: "key-disabled-during-restore",
      phase: "method",
      step: "expect r1 FAILED",
      happened: /^r1 still RUNNING/,
      given: { leaseSeconds: 2, bytes: 80_000_000 },
    },
    {
      experiment: "key-disabled-during-backup",
      phase: "method",
      step: "expect b1 FAILED",
      happened: /^b1 still RUNNING/,
      long: true,
    },
    {
      experiment: "account-suspended-during-restore",
      phase: "method",
      step: "expect r1 FAILED",
      happened: /^r1 still RUNNING/,
      long: true,
    },
    {
      experiment: "key-disabled-during-restore-60s",
      phase: "method",
      step: "expect r1 FAILED",
      happened: /^r1 still RUNNING/,
      long: true,
    },
  ],
};
