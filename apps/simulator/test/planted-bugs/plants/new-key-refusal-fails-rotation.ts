import type { Plant } from "../plant.js";

export const newKeyRefusalFailsRotation: Plant = {
  name: "new-key-refusal-fails-rotation",
  breaks: "a rotation whose new key is refused fails instead of waiting for it",
  file: "packages/ekm/dist/worker/rotation/judge-failure.js",
  find: '? "unprovable" : failureClass === "refusal" ? "pause" : "later";',
  replace: '? "unprovable" : failureClass === "refusal" ? "unprovable" : "later";',
  caughtBy: [
    {
      experiment: "new-key-disabled-during-rotation",
      phase: "method",
      step: "expect rotation rot PAUSED",
      happened: /rot FAILED/,
    },
  ],
};
