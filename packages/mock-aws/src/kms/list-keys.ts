import { AwsFault } from "../front/aws-fault.js";
import { optional, shape, whole } from "./input.js";
import { marker } from "./members.js";
import { anywhere, defineOperation } from "./operation.js";
import { pageOf } from "./paging.js";

/** The caller's own keys in the Region, in order of creation. */
export const listKeys = defineOperation({
  name: "ListKeys",
  input: shape({ Limit: optional(whole(1, 1000)), Marker: optional(marker) }),
  uses: () => [],
  permissions: () => anywhere("kms:ListKeys"),
  async run(input, _keys, { keys, caller, region }) {
    const page = pageOf(keys.living(caller.account.id, region), input, ({ id }) => id, 100);
    if (page instanceof AwsFault) return page;
    return { body: { Keys: page.items.map((key) => ({ KeyId: key.id, KeyArn: key.arn })), ...page.paging } };
  },
});
