import type { Plant } from "../plant.js";

export const healthNotTold: Plant = {
  name: "health-not-told",
  breaks: "listeners do not hear that the key's health has changed",
  file: "packages/ekm/dist/events/recording-store.js",
  find: 'await tell(after.accountId, "KEY_HEALTH_CHANGED");',
  replace: "",
  caughtBy: [
    {
      experiment: "events-of-a-key",
      phase: "method",
      step: "expect screen hears KEY_HEALTH_CHANGED",
      happened: /^screen heard 0 of that, and in all nothing/,
    },
  ],
};
