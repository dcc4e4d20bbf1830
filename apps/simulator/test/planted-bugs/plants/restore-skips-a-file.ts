import type { Plant } from "../plant.js";

export const restoreSkipsAFile: Plant = {
  name: "restore-skips-a-file",
  breaks: "the last small file of each object is not restored, and the restore succeeds",
  file: "packages/vault/dist/restore/restore-object.js",
  find: "yield { file, pieces };",
  replace: "if (file !== files.at(-1)) yield { file, pieces };",
  caughtBy: [
    {
      experiment: "key-disabled",
      phase: "steady-state before",
      step: "restore latest",
      happened: /^restore of acme different: .* is in the source and not in the copy$/,
    },
  ],
};
