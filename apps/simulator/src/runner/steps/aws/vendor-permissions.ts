import { z } from "zod";
import { definition } from "../../../experiments/fields.js";
import type { World } from "../../world.js";
import type { TimedAct } from "../acts-step.js";

const DENY_KMS = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "*", Resource: "*" },
    { Effect: "Deny", Action: "kms:*", Resource: "*" },
  ],
};

const schema = z.strictObject({ setVendorPermissions: z.enum(["all", "deny-kms"]), as: definition.optional() }).meta({
  description: "The identity policy of the product's own principal: a slip of ours denies every customer's key at once.",
});

export const setVendorPermissions: TimedAct<z.infer<typeof schema>> = {
  key: "setVendorPermissions",
  schema,
  reach: () => "whole-stack",
  describe: (step) => `the vendor's own permissions: ${step.setVendorPermissions}`,
  async run(step, world) {
    await setPolicies(world, step.setVendorPermissions === "all" ? null : [DENY_KMS]);
    world.atEnd(() => setPolicies(world, null));
    return Date.now();
  },
};

async function setPolicies({ target: { control, vendor } }: World, policies: readonly (typeof DENY_KMS)[] | null): Promise<void> {
  const name = vendor.principalArn.slice(`arn:aws:iam::${vendor.accountId}:`.length);
  await control.accounts.setPrincipal(vendor.accountId, name, { policies });
}
