import type { Plant } from "../plant.js";

export const listenerResumesAtThePresent: Plant = {
  name: "listener-resumes-at-the-present",
  breaks: "a listener that comes back hears only what happens from then on",
  file: "packages/ekm/dist/queries/open-events.js",
  find: "after: place.sequence",
  replace: "after: sequence",
  caughtBy: [
    {
      experiment: "events-after-a-cut",
      phase: "method",
      step: "expect screen heard what witness heard",
      happened: /^screen heard KEYS_LOCKED$/,
    },
  ],
};
