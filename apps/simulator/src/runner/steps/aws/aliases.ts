import { z } from "zod";
import { definition, keyName, type Reference } from "../../../experiments/fields.js";
import { effectiveAt } from "../../aws/effective-at.js";
import type { World } from "../../world.js";
import type { TimedAct } from "../acts-step.js";

const alias = z.string().regex(/^alias\/[a-zA-Z0-9/_-]+$/, "an alias such as alias/backups");
const create = z.strictObject({ createAlias: keyName, alias, as: definition.optional() });
const update = z
  .strictObject({ updateAlias: keyName, alias, as: definition.optional() })
  .meta({ description: "The alias stands for this key from then on." });
const remove = z.strictObject({ deleteAlias: keyName, alias, as: definition.optional() });

export const createAlias: TimedAct<z.infer<typeof create>> = {
  key: "createAlias",
  schema: create,
  describe: (step) => `${step.alias} stands for key ${step.createAlias.name}`,
  run: (step, world) => onAlias(world, step.createAlias, "CreateAlias", step.alias),
};

export const updateAlias: TimedAct<z.infer<typeof update>> = {
  key: "updateAlias",
  schema: update,
  describe: (step) => `${step.alias} now stands for key ${step.updateAlias.name}`,
  run: (step, world) => onAlias(world, step.updateAlias, "UpdateAlias", step.alias),
};

export const deleteAlias: TimedAct<z.infer<typeof remove>> = {
  key: "deleteAlias",
  schema: remove,
  describe: (step) => `delete ${step.alias}`,
  run: (step, world) => onAlias(world, step.deleteAlias, "DeleteAlias", step.alias),
};

async function onAlias(world: World, reference: Reference<"key">, operation: string, name: string): Promise<number> {
  const { owner, region, arn } = world.key(reference);
  const target = operation === "DeleteAlias" ? {} : { TargetKeyId: arn };
  return effectiveAt(await world.callAws(owner, region, operation, { AliasName: name, ...target }));
}
