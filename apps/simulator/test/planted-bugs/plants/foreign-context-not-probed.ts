import type { Plant } from "../plant.js";

export const foreignContextNotProbed: Plant = {
  name: "foreign-context-not-probed",
  breaks: "the probe with another account's context is made with the account's own",
  file: "packages/ekm/dist/preflight/check-foreign-context.js",
  find: '"FOREIGN_CONTEXT_REFUSED", probeContext(nobody)',
  replace: '"FOREIGN_CONTEXT_REFUSED", probe.context',
  caughtBy: [
    {
      experiment: "happy-path",
      phase: "method",
      step: "validate key main for acme",
      happened: /FOREIGN_CONTEXT_REFUSED WARN/,
      given: { bytes: 1_000_000 },
    },
  ],
};
