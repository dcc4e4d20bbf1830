import type { Plant } from "../plant.js";

export const refusalRemembered: Plant = {
  name: "refusal-remembered",
  breaks: "a process that was refused a key once does not ask for it again",
  file: "packages/ekm/dist/keyring/unwrap-generation.js",
  find: 'return opened.ok ? { kind: "unwrapped", key: opened.value } : outcomeOf(opened.error);',
  replace:
    'if (!opened.ok) ports.refusedOnce = outcomeOf(opened.error); return ports.refusedOnce ?? { kind: "unwrapped", key: opened.value };',
  caughtBy: [
    {
      experiment: "key-disabled",
      phase: "steady-state after",
      step: "back up acme",
      happened: /^backup of acme FAILED KEY_DISABLED$/,
    },
  ],
};
