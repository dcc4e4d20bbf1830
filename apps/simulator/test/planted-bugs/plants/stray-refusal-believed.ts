import type { Plant } from "../plant.js";

export const strayRefusalBelieved: Plant = {
  name: "stray-refusal-believed",
  breaks: "the first refusal ends a key lease, without a second call that confirms it",
  file: "packages/crypto-core/dist/lease/lease.js",
  find: "if (this.#term === null || this.#refusal !== null) {",
  replace: "if (true) {",
  caughtBy: [
    {
      experiment: "stray-denial-during-restore",
      phase: "method",
      step: "expect r1 SUCCEEDED",
      happened: /^r1 FAILED KEY_ACCESS_DENIED/,
    },
  ],
};
