import { stateFault } from "../../keys/state-table.js";
import { listOf, required, shape, text } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";

/** A tag that the key has not is no fault. */
export const untagResource = defineOperation({
  name: "UntagResource",
  input: shape({ KeyId: required(keyId), TagKeys: required(listOf(text(1, 128), 0, 50)) }),
  uses: (input) => ownKey("kms:UntagResource", input.KeyId, { "aws:TagKeys": input.TagKeys }),
  async run({ TagKeys }, keys, { events, keys: registry }) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("describe", record.arn, registry.latest(record));
    if (fault) return fault;
    record.tags = record.tags.filter(({ TagKey }) => !TagKeys.includes(TagKey));
    events.change({ subject: "key", id: record.arn, change: "UntagResource" });
    return { body: {} };
  },
});
