import { z } from "zod";
import { definition, keyName } from "../../../experiments/fields.js";
import { POLICY_NAMES } from "../../../policies/key-policies.js";
import { putPolicy } from "../../given/put-policy.js";
import type { World } from "../../world.js";
import type { Operation } from "../step.js";

/** Answers when the change took effect, in milliseconds since 1970. */
export type AwsAct<S> = Operation<S, number>;

const label = { as: definition.optional() };
const disable = z.strictObject({ disableKey: keyName, ...label });
const enable = z.strictObject({ enableKey: keyName, ...label });
const schedule = z.strictObject({ scheduleKeyDeletion: keyName, days: z.number().int().min(7).max(30).optional(), ...label });
const cancel = z
  .strictObject({ cancelKeyDeletion: keyName, ...label })
  .meta({ description: "The key is then disabled, as in AWS: enableKey follows." });
const destroy = z
  .strictObject({ deleteKey: keyName, ...label })
  .meta({ description: "As after the waiting period: the key is gone." });
const policy = z.strictObject({ putKeyPolicy: keyName, policy: z.enum(POLICY_NAMES), ...label });

export const disableKey: AwsAct<z.infer<typeof disable>> = {
  key: "disableKey",
  schema: disable,
  describe: (step) => `disable key ${step.disableKey.name}`,
  run: (step, world) => onKey(world, step.disableKey, "DisableKey"),
};

export const enableKey: AwsAct<z.infer<typeof enable>> = {
  key: "enableKey",
  schema: enable,
  describe: (step) => `enable key ${step.enableKey.name}`,
  run: (step, world) => onKey(world, step.enableKey, "EnableKey"),
};

export const scheduleKeyDeletion: AwsAct<z.infer<typeof schedule>> = {
  key: "scheduleKeyDeletion",
  schema: schedule,
  describe: (step) => `schedule deletion of key ${step.scheduleKeyDeletion.name}`,
  run: (step, world) => onKey(world, step.scheduleKeyDeletion, "ScheduleKeyDeletion", { PendingWindowInDays: step.days ?? 7 }),
};

export const cancelKeyDeletion: AwsAct<z.infer<typeof cancel>> = {
  key: "cancelKeyDeletion",
  schema: cancel,
  describe: (step) => `cancel deletion of key ${step.cancelKeyDeletion.name}`,
  run: (step, world) => onKey(world, step.cancelKeyDeletion, "CancelKeyDeletion"),
};

export const deleteKey: AwsAct<z.infer<typeof destroy>> = {
  key: "deleteKey",
  schema: destroy,
  describe: (step) => `delete key ${step.deleteKey.name}`,
  async run(step, world) {
    const changed = await world.target.control.keys.setState(world.key(step.deleteKey).arn, { state: "Deleted" });
    return Date.parse(changed.effectiveAt);
  },
};

export const putKeyPolicy: AwsAct<z.infer<typeof policy>> = {
  key: "putKeyPolicy",
  schema: policy,
  describe: (step) => `give key ${step.putKeyPolicy.name} the policy ${step.policy}`,
  run: (step, world) => putPolicy(world, world.key(step.putKeyPolicy), step.policy),
};

async function onKey(
  world: World,
  reference: Parameters<World["key"]>[0],
  operation: string,
  more: Record<string, unknown> = {},
): Promise<number> {
  const key = world.key(reference);
  const answer = await world.callAws(key.owner, key.region, operation, { KeyId: key.arn, ...more });
  return answer.effectiveAt === null ? Date.now() : Date.parse(answer.effectiveAt);
}
