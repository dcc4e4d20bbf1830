import { AwsFault } from "../front/aws-fault.js";
import { optional, shape, text, whole } from "./input.js";
import { defineOperation } from "./operation.js";

/** The caller's own keys in the Region, in order of creation. The marker is the id of the last key shown. */
export const listKeys = defineOperation({
  name: "ListKeys",
  input: shape({ Limit: optional(whole(1, 1000)), Marker: optional(text(1, 320)) }),
  uses: () => [],
  async run(input, _keys, { keys, caller, region }) {
    const own = keys
      .list()
      .filter((key) => key.accountId === caller.account.id && key.region === region && keys.visible(key).state !== "Deleted");
    const after = input.Marker === undefined ? -1 : own.findIndex((key) => key.id === input.Marker);
    if (input.Marker !== undefined && after < 0) return new AwsFault("InvalidMarkerException", "The marker is not valid.");
    const page = own.slice(after + 1, after + 1 + (input.Limit ?? 100));
    const last = page.at(-1);
    const truncated = after + 1 + page.length < own.length;
    return {
      body: {
        Keys: page.map((key) => ({ KeyId: key.id, KeyArn: key.arn })),
        Truncated: truncated,
        ...(truncated && last ? { NextMarker: last.id } : {}),
      },
    };
  },
});
