import type { Plant } from "../plant.js";

export const healthByDescription: Plant = {
  name: "health-by-description",
  breaks: "a key that can be described counts as usable, though nobody used it",
  file: "packages/ekm/dist/health/probe-account-key.js",
  find: "const opened = await openAccountCanary(ports, account.id, key.arn);",
  replace: "const opened = await ports.keyService.describeKey(key.arn);",
  caughtBy: [
    {
      experiment: "key-disabled",
      phase: "method",
      step: "probe the key of acme",
      happened: /^probe of acme's key HEALTHY$/,
    },
  ],
};
