import type { Plant } from "../plant.js";

export const staleEpochTrusted: Plant = {
  name: "stale-epoch-trusted",
  breaks: "a worker goes on from what it knew of the account's lock, however long ago it learnt that",
  file: "packages/ekm/dist/locking/epoch-watch.js",
  find: "age !== undefined && age < maxAgeMs",
  replace: "age !== undefined",
  caughtBy: [
    {
      experiment: "worker-sleeps-through-a-lock",
      phase: "method",
      step: "expect no plaintext of r1 after locked and the window",
      happened: /last plaintext t2-t0/,
    },
  ],
};
