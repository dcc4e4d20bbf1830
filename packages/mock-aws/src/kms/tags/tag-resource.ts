import { stateFault } from "../../keys/state-table.js";
import { required, shape, tags } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { tagConditions, tagFault } from "./tag-fault.js";

export const tagResource = defineOperation({
  name: "TagResource",
  input: shape({ KeyId: required(keyId), Tags: required(tags) }),
  uses: (input) => ownKey("kms:TagResource", input.KeyId, tagConditions(input.Tags)),
  async run({ Tags }, keys, { events, keys: registry }) {
    const { record } = keyAt(keys, 0);
    const fault = stateFault("describe", record.arn, registry.latest(record)) ?? tagFault(Tags, record.tags);
    if (fault) return fault;
    const added = new Set(Tags.map(({ TagKey }) => TagKey));
    record.tags = [...record.tags.filter(({ TagKey }) => !added.has(TagKey)), ...Tags];
    events.change({ subject: "key", id: record.arn, change: "TagResource" });
    return { body: {} };
  },
});
