import type { Plant } from "../plant.js";

export const healthNeverRecovers: Plant = {
  name: "health-never-recovers",
  breaks: "a key that was unusable once stays so, whatever its probes show",
  file: "packages/ekm/dist/health/next-health.js",
  find: 'return enter("HEALTHY");',
  replace: 'return before?.state === "UNUSABLE" ? enter("UNUSABLE", before.problem) : enter("HEALTHY");',
  caughtBy: [
    {
      experiment: "key-disabled",
      phase: "rollback",
      step: "until it holds: probe the key of acme",
      happened: /^probe of acme's key UNUSABLE KEY_DISABLED, still after/,
    },
  ],
};
