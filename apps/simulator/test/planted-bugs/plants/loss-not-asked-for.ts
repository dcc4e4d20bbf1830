import type { Plant } from "../plant.js";

export const lossNotAskedFor: Plant = {
  name: "loss-not-asked-for",
  breaks: "a rotation leaves behind what the old key refuses to open, and switches, though nobody accepted the loss",
  file: "packages/ekm/dist/worker/rotation/judge-failure.js",
  find: `    return failureClass === "refusal" ? "pause" : "later";`,
  replace: `    return failureClass === "refusal" ? "left" : "later";`,
  caughtBy: [
    {
      experiment: "old-key-disabled-during-rotation",
      phase: "method",
      step: "expect rotation rot PAUSED",
      happened: /^rotation rot (RUNNING|COMPLETED)/,
    },
  ],
};
