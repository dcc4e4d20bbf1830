import { shape } from "../kms/input.js";
import { defineOperation } from "../kms/operation.js";

/** Needs no permission: whoever has valid credentials is told whose they are. */
export const getCallerIdentity = defineOperation({
  name: "GetCallerIdentity",
  input: shape({}),
  uses: () => [],
  async run(_input, _keys, { caller }) {
    return { body: { Arn: caller.arn, UserId: caller.userId, Account: caller.account.id } };
  },
});
