import { authorise } from "../../front/authorise.js";
import { AwsFault } from "../../front/aws-fault.js";
import { aliasArn } from "../../keys/aliases.js";
import { optional, shape, whole } from "../input.js";
import { keyId, marker } from "../members.js";
import { anywhere, defineOperation, ownKey } from "../operation.js";
import { pageOf } from "../paging.js";

/** The caller's own aliases in the Region, by name; with a KeyId those of that key. */
export const listAliases = defineOperation({
  name: "ListAliases",
  input: shape({ KeyId: optional(keyId), Limit: optional(whole(1, 1000)), Marker: optional(marker) }),
  uses: () => [],
  permissions: () => anywhere("kms:ListAliases"),
  async run(input, _keys, services) {
    const { aliases, caller, region, keys } = services;
    const only = input.KeyId === undefined ? undefined : await authorise(ownKey("kms:DescribeKey", input.KeyId), services);
    if (only?.keys instanceof AwsFault) return only.keys;
    const living = new Set(keys.living(caller.account.id, region).map(({ id }) => id));
    const own = aliases
      .list()
      .filter((alias) => alias.accountId === caller.account.id && alias.region === region && living.has(alias.targetKeyId))
      .filter((alias) => only === undefined || alias.targetKeyId === only.touched?.id)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = pageOf(own, input, ({ name }) => name, 50);
    if (page instanceof AwsFault) return page;
    const Aliases = page.items.map((alias) => ({
      AliasName: alias.name,
      AliasArn: aliasArn(alias),
      TargetKeyId: alias.targetKeyId,
      CreationDate: alias.createdAt / 1000,
      LastUpdatedDate: alias.updatedAt / 1000,
    }));
    return { body: { Aliases, ...page.paging } };
  },
});
