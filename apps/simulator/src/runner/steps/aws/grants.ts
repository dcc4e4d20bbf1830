import { z } from "zod";
import { accountName, awsAccountName, definition, keyName, labelName } from "../../../experiments/fields.js";
import { effectiveAt } from "../../aws/effective-at.js";
import type { TimedAct } from "../acts-step.js";

const OPERATIONS = ["Decrypt", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo", "DescribeKey"] as const;

const create = z
  .strictObject({
    createGrant: keyName,
    to: awsAccountName.optional().meta({ description: "Default: the product's own principal." }),
    operations: z
      .array(z.enum(OPERATIONS))
      .min(1)
      .default([...OPERATIONS]),
    context: accountName.optional().meta({ description: "Only with the encryption context of this account." }),
    as: definition.optional(),
  })
  .meta({ description: "A grant, AWS's other way to let somebody use a key. Its label names it to those that take it back." });
const revoke = z.strictObject({ revokeGrant: labelName, as: definition.optional() });
const retire = z
  .strictObject({ retireGrant: labelName, as: definition.optional() })
  .meta({ description: "By the key's owner, who is the retiring principal of every grant that is made here." });

export const createGrant: TimedAct<z.infer<typeof create>> = {
  key: "createGrant",
  schema: create,
  describe: (step) => `grant the use of key ${step.createGrant.name}`,
  async run(step, world) {
    const key = world.key(step.createGrant);
    const operations = step.context ? step.operations.filter((operation) => operation !== "DescribeKey") : step.operations;
    const answer = await world.callAws(key.owner, key.region, "CreateGrant", {
      KeyId: key.arn,
      GranteePrincipal: step.to ? rootOf(world.awsAccount(step.to).id) : world.target.vendor.principalArn,
      RetiringPrincipal: rootOf(key.owner.id),
      Operations: operations,
      ...(step.context && { Constraints: { EncryptionContextSubset: { "ekm:account": world.account(step.context).id } } }),
    });
    world.grants.set(step.as?.defines ?? "", { key, id: String(answer.body["GrantId"]) });
    return effectiveAt(answer);
  },
};

export const revokeGrant: TimedAct<z.infer<typeof revoke>> = {
  key: "revokeGrant",
  schema: revoke,
  describe: (step) => `revoke grant ${step.revokeGrant.name}`,
  async run(step, world) {
    const { key, id } = world.grant(step.revokeGrant);
    return effectiveAt(await world.callAws(key.owner, key.region, "RevokeGrant", { KeyId: key.arn, GrantId: id }));
  },
};

export const retireGrant: TimedAct<z.infer<typeof retire>> = {
  key: "retireGrant",
  schema: retire,
  describe: (step) => `retire grant ${step.retireGrant.name}`,
  async run(step, world) {
    const { key, id } = world.grant(step.retireGrant);
    return effectiveAt(await world.callAws(key.owner, key.region, "RetireGrant", { KeyId: key.arn, GrantId: id }));
  },
};

const rootOf = (accountId: string): string => `arn:aws:iam::${accountId}:root`;
