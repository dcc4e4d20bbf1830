import type { Plant } from "../plant.js";

export const pausedForEver: Plant = {
  name: "paused-for-ever",
  breaks: "a rotation that a key has stopped does not go on once the key works again",
  file: "packages/ekm/dist/worker/rotation/await-key.js",
  find: "const obstacle = await obstacleTo(ports, rotation);",
  replace: "const obstacle = (await obstacleTo(ports, rotation)) ?? { problem: rotation.problem, definitive: false };",
  caughtBy: [
    {
      experiment: "old-key-disabled-before-rotation",
      phase: "method",
      step: "expect rotation rot COMPLETED",
      happened: /^rotation rot PAUSED/,
      long: true,
    },
  ],
};
