import type { Plant } from "../plant.js";

export const lockUnseenByWorker: Plant = {
  name: "lock-unseen-by-worker",
  breaks: "a worker that runs a job does not learn that the account's keys were locked",
  file: "packages/ekm/dist/locking/epoch-watch.js",
  find: "learn(epochs.get(id) ?? null, sent)",
  replace: "learn({ keyEpoch: 1, locked: false }, sent)",
  caughtBy: [
    {
      experiment: "lock-and-unlock",
      phase: "method",
      step: "expect no plaintext of r1 after locked and the window",
      happened: /last plaintext t2-t0/,
    },
  ],
};
