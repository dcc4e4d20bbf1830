import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { optional, required, shape, text, whole } from "../input.js";
import { keyId, marker } from "../members.js";
import { defineOperation, keyAt } from "../operation.js";
import { pageOf } from "../paging.js";
import { grantEntry } from "./grant-entry.js";

export const listGrants = defineOperation({
  name: "ListGrants",
  input: shape({
    KeyId: required(keyId),
    GrantId: optional(text(1, 128)),
    GranteePrincipal: optional(text(1, 256)),
    Limit: optional(whole(1, 100)),
    Marker: optional(marker),
  }),
  uses: (input) => [{ action: "kms:ListGrants", key: input.KeyId, crossAccount: true }],
  async run(input, keys, { grants }) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition);
    if (fault) return fault;
    const wanted = grants
      .of(record.arn)
      .filter(({ id }) => input.GrantId === undefined || id === input.GrantId)
      .filter(({ granteePrincipal }) => input.GranteePrincipal === undefined || granteePrincipal === input.GranteePrincipal);
    const page = pageOf(wanted, input, ({ id }) => id, 50);
    return page instanceof AwsFault ? page : { body: { Grants: page.items.map(grantEntry), ...page.paging } };
  },
});
