import type { FaultRule } from "@ekm/faults";
import { z } from "zod";
import { awsAccountName, definition, duration, keyName, labelName } from "../../experiments/fields.js";
import { markedAct } from "../measure/marked-act.js";
import { HELD } from "../outcome.js";
import type { World } from "../world.js";
import type { StepKind } from "./step.js";

const rule = z.strictObject({
  key: keyName.optional(),
  owner: awsAccountName.optional(),
  region: z.string().optional().meta({ description: "Calls to this Region only; default: all." }),
  operation: z.string().optional().meta({ description: "A KMS operation, such as Decrypt; default: all." }),
  probability: z.number().min(0).max(1).optional(),
  error: z.strictObject({ statusCode: z.number().int(), code: z.string(), message: z.string().optional() }).optional(),
  effect: z.enum(["error", "reset", "black-hole", "truncate", "html", "wrong-key", "stale"]).optional(),
  latency: duration.optional(),
  jitter: duration.optional(),
  count: z.number().int().positive().optional(),
  lasts: duration.optional(),
});
const schema = z
  .strictObject({
    fault: z.union([z.strictObject({ add: rule, as: definition.optional() }), z.strictObject({ remove: labelName })]),
  })
  .meta({ description: "Calls to AWS that match the rule fail as it says. What is still on at the end is taken off." });

export const faultStep: StepKind<z.infer<typeof schema>> = {
  key: "fault",
  schema,
  // Without a key or an owner the rule hits the calls for everybody's keys.
  reach: ({ fault }) => ("add" in fault && !fault.add.key && !fault.add.owner ? "whole-stack" : "account"),
  describe: ({ fault }) =>
    "add" in fault ? `fault on: ${fault.add.effect ?? fault.add.error?.code ?? "latency"}` : `fault off: ${fault.remove.name}`,
  async run({ fault }, world) {
    const { control } = world.target;
    if ("remove" in fault) {
      await control.faults.remove([world.fault(fault.remove)]);
      return HELD;
    }
    const added = resolve(fault.add, world);
    await markedAct(
      world,
      fault.as,
      () => control.faults.add([added]),
      () => Date.now(),
    );
    world.keepFault(fault.as?.defines, added);
    return HELD;
  },
};

/** Names become what AWS knows: the key's ARN and the owner's account id. Only the vendor's calls are hit. */
function resolve(from: z.infer<typeof rule>, world: World): FaultRule {
  const { operation, region, probability, error, effect, count } = from;
  return {
    service: "kms",
    callerAccountId: world.target.vendor.accountId,
    ...(from.key && { keyArn: world.key(from.key).arn }),
    ...(from.owner && { accountId: world.awsAccount(from.owner).id }),
    ...(region !== undefined && { region }),
    ...(operation !== undefined && { operation }),
    ...(probability !== undefined && { probability }),
    ...(error && {
      error: { statusCode: error.statusCode, code: error.code, ...(error.message !== undefined && { message: error.message }) },
    }),
    ...(effect && { effect }),
    ...(from.latency !== undefined && { latencyMs: from.latency }),
    ...(from.jitter !== undefined && { jitterMs: from.jitter }),
    ...(count !== undefined && { count }),
    ...(from.lasts !== undefined && { durationMs: from.lasts }),
  };
}
