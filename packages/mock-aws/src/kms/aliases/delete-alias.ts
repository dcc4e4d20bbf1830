import { authorise } from "../../front/authorise.js";
import { AwsFault } from "../../front/aws-fault.js";
import { aliasArn } from "../../keys/aliases.js";
import { required, shape } from "../input.js";
import { aliasName } from "../members.js";
import { defineOperation, ownKey } from "../operation.js";
import { aliasNameFault } from "./alias-fault.js";
import { ownAlias } from "./own-alias.js";

export const deleteAlias = defineOperation({
  name: "DeleteAlias",
  input: shape({ AliasName: required(aliasName) }),
  uses: () => [],
  permissions: (input, where) => [{ action: "kms:DeleteAlias", resource: aliasArn({ ...where, name: input.AliasName }) }],
  async run({ AliasName }, _keys, services) {
    const wrongName = aliasNameFault(AliasName);
    if (wrongName) return wrongName;
    const found = ownAlias(AliasName, services);
    if (found instanceof AwsFault) return found;
    const allowed = await authorise(ownKey("kms:DeleteAlias", found.target.arn), services);
    if (allowed.keys instanceof AwsFault) return allowed.keys;
    services.aliases.remove(found.alias);
    services.events.change({ subject: "key", id: found.target.arn, change: "DeleteAlias" });
    return { body: {} };
  },
});
