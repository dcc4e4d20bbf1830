import { authorise } from "../../front/authorise.js";
import { AwsFault } from "../../front/aws-fault.js";
import { aliasArn } from "../../keys/aliases.js";
import { stateFault } from "../../keys/state-table.js";
import { required, shape } from "../input.js";
import { aliasName, keyId } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { aliasNameFault } from "./alias-fault.js";
import { ownAlias } from "./own-alias.js";

/** Needs permission on the alias, on the key that it leads to and on the new one; both of one kind. */
export const updateAlias = defineOperation({
  name: "UpdateAlias",
  input: shape({ AliasName: required(aliasName), TargetKeyId: required(keyId) }),
  uses: (input) => ownKey("kms:UpdateAlias", input.TargetKeyId),
  permissions: (input, where) => [{ action: "kms:UpdateAlias", resource: aliasArn({ ...where, name: input.AliasName }) }],
  async run({ AliasName }, keys, services) {
    const wrongName = aliasNameFault(AliasName);
    if (wrongName) return wrongName;
    const found = ownAlias(AliasName, services);
    if (found instanceof AwsFault) return found;
    const { record } = keyAt(keys, 0);
    const old = await authorise(ownKey("kms:UpdateAlias", found.target.arn), services);
    if (old.keys instanceof AwsFault) return old.keys;
    const fault = stateFault("describe", record.arn, services.keys.latest(record));
    if (fault) return fault;
    if (record.keySpec.split("_")[0] !== found.target.keySpec.split("_")[0] || record.keyUsage !== found.target.keyUsage) {
      const message = "The alias must refer to a KMS key of the same type and key usage.";
      return new AwsFault("ValidationException", message);
    }
    services.aliases.put({ ...found.alias, targetKeyId: record.id, updatedAt: services.clock.now() });
    services.events.change({ subject: "key", id: record.arn, change: "UpdateAlias" });
    return { body: {} };
  },
});
