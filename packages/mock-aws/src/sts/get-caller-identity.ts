import { createHash } from "node:crypto";
import { shape } from "../kms/input.js";
import { defineOperation } from "../kms/operation.js";

/** Needs no permission: whoever has valid credentials is told whose they are. */
export const getCallerIdentity = defineOperation({
  name: "GetCallerIdentity",
  input: shape({}),
  uses: () => [],
  async run(_input, _keys, { caller }) {
    const unique = createHash("sha256").update(caller.principalArn).digest("hex").slice(0, 17).toUpperCase();
    const userId = caller.arn === caller.principalArn ? `AIDA${unique}` : `AROA${unique}:session`;
    return { body: { Arn: caller.arn, UserId: userId, Account: caller.account.id } };
  },
});
