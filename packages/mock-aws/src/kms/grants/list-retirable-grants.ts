import { AwsFault } from "../../front/aws-fault.js";
import { optional, required, shape, text, whole } from "../input.js";
import { marker } from "../members.js";
import { anywhere, defineOperation } from "../operation.js";
import { pageOf } from "../paging.js";
import { grantEntry } from "./grant-entry.js";

/** Grants in the Region that a principal of the caller's account may retire, on whoever's keys. */
export const listRetirableGrants = defineOperation({
  name: "ListRetirableGrants",
  input: shape({ RetiringPrincipal: required(text(1, 256)), Limit: optional(whole(1, 100)), Marker: optional(marker) }),
  uses: () => [],
  permissions: () => anywhere("kms:ListRetirableGrants"),
  async run(input, _keys, { grants, keys, caller, region }) {
    if (!input.RetiringPrincipal.includes(`:${caller.account.id}:`)) {
      return new AwsFault(
        "InvalidArnException",
        `${input.RetiringPrincipal} is not a principal of account ${caller.account.id}.`,
      );
    }
    const retirable = grants.list().filter((grant) => {
      const key = keys.find(grant.keyArn);
      const here = key?.region === region && keys.visible(key).state !== "Deleted";
      return here && grant.retiringPrincipal === input.RetiringPrincipal;
    });
    const page = pageOf(retirable, input, ({ id }) => id, 50);
    return page instanceof AwsFault ? page : { body: { Grants: page.items.map(grantEntry), ...page.paging } };
  },
});
