import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { optional, required, shape, whole } from "../input.js";
import { keyId, marker } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { pageOf } from "../paging.js";

export const listResourceTags = defineOperation({
  name: "ListResourceTags",
  input: shape({ KeyId: required(keyId), Limit: optional(whole(1, 50)), Marker: optional(marker) }),
  uses: (input) => ownKey("kms:ListResourceTags", input.KeyId),
  async run(input, keys) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition);
    if (fault) return fault;
    const page = pageOf(record.tags, input, ({ TagKey }) => TagKey, 50);
    return page instanceof AwsFault ? page : { body: { Tags: page.items, ...page.paging } };
  },
});
