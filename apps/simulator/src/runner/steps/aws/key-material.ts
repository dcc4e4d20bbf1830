import { z } from "zod";
import { definition, duration, keyName } from "../../../experiments/fields.js";
import { importMaterial } from "../../aws/import-material.js";
import type { TimedAct } from "../acts-step.js";
import { onKey } from "./on-key.js";

const bring = z
  .strictObject({
    importKeyMaterial: keyName,
    expires: duration.optional().meta({ description: "So much later on AWS's clock; default: never." }),
    as: definition.optional(),
  })
  .meta({ description: "Of a key of kind imported or pending-import. After a deletion the same material comes back." });
const take = z.strictObject({ deleteKeyMaterial: keyName, as: definition.optional() });

export const importKeyMaterial: TimedAct<z.infer<typeof bring>> = {
  key: "importKeyMaterial",
  schema: bring,
  describe: (step) => `import material into key ${step.importKeyMaterial.name}`,
  run: (step, world) => importMaterial(world, world.key(step.importKeyMaterial), step.expires),
};

export const deleteKeyMaterial: TimedAct<z.infer<typeof take>> = {
  key: "deleteKeyMaterial",
  schema: take,
  describe: (step) => `delete the material of key ${step.deleteKeyMaterial.name}`,
  run: (step, world) => onKey(world, step.deleteKeyMaterial, "DeleteImportedKeyMaterial"),
};
