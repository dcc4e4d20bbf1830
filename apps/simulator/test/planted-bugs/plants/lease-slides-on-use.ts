import type { Plant } from "../plant.js";

export const leaseSlidesOnUse: Plant = {
  name: "lease-slides-on-use",
  breaks: "a key lease begins anew whenever the key is used",
  file: "packages/crypto-core/dist/lease/lease.js",
  find: "        return this.#key;",
  replace: "        this.#term = new LeaseTerm(this.settings.clock, this.settings.durationMs); return this.#key;",
  caughtBy: [
    {
      experiment: "key-disabled",
      phase: "method",
      step: "until it holds: back up acme",
      happened: /^backup of acme SUCCEEDED, still after 3/,
    },
  ],
};
