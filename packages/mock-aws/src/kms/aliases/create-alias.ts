import { AwsFault } from "../../front/aws-fault.js";
import { aliasArn } from "../../keys/aliases.js";
import { keyArn } from "../../keys/key.js";
import { stateFault } from "../../keys/state-table.js";
import { required, shape } from "../input.js";
import { aliasName, keyId } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { aliasNameFault } from "./alias-fault.js";

/** Needs permission on the key (its policy) and on the alias (the caller's own). */
export const createAlias = defineOperation({
  name: "CreateAlias",
  input: shape({ AliasName: required(aliasName), TargetKeyId: required(keyId) }),
  uses: (input) => (input.TargetKeyId.includes("alias/") ? [] : ownKey("kms:CreateAlias", input.TargetKeyId)),
  permissions: (input, where) => [{ action: "kms:CreateAlias", resource: aliasArn({ ...where, name: input.AliasName }) }],
  async run({ AliasName, TargetKeyId }, keys, { aliases, caller, region, clock, events, keys: registry }) {
    const wrongName = aliasNameFault(AliasName);
    if (wrongName) return wrongName;
    if (TargetKeyId.includes("alias/")) return new AwsFault("ValidationException", "Aliases must refer to keys. Not aliases");
    const { record } = keyAt(keys, 0);
    const fault = stateFault("describe", record.arn, registry.latest(record));
    if (fault) return fault;
    const where = { accountId: caller.account.id, region };
    const present = aliases.find(where.accountId, region, AliasName);
    const target = present && registry.find(keyArn(region, where.accountId, present.targetKeyId));
    if (target && registry.visible(target).state !== "Deleted") {
      const arn = aliasArn({ ...where, name: AliasName });
      return new AwsFault("AlreadyExistsException", `An alias with the name ${arn} already exists`);
    }
    const now = clock.now();
    aliases.put({ ...where, name: AliasName, targetKeyId: record.id, createdAt: now, updatedAt: now });
    events.change({ subject: "key", id: record.arn, change: "CreateAlias" });
    return { body: {} };
  },
});
