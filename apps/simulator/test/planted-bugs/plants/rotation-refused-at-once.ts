import type { Plant } from "../plant.js";

export const rotationRefusedAtOnce: Plant = {
  name: "rotation-refused-at-once",
  breaks: "a rotation cannot be begun while the old key does not work, which is when it is wanted most",
  file: "packages/ekm/dist/rotation/rotate-ekm-key.js",
  find: "return begin(ports, {",
  replace: "if (refusal !== undefined) return refused([rejection(refusal.code)], checks); return begin(ports, {",
  caughtBy: [
    {
      experiment: "old-key-disabled-before-rotation",
      phase: "method",
      step: "rotate the key of acme to next",
      happened: /refused: KEY_DISABLED/,
    },
    {
      experiment: "old-key-purged-before-rotation",
      phase: "method",
      step: "rotate the key of acme to next",
      happened: /refused: KEY_ACCESS_DENIED/,
      long: true,
    },
  ],
};
