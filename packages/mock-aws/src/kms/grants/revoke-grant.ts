import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { dryRunFault } from "../cryptographic.js";
import { flag, optional, required, shape, text } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt } from "../operation.js";

export const revokeGrant = defineOperation({
  name: "RevokeGrant",
  input: shape({ KeyId: required(keyId), GrantId: required(text(1, 128)), DryRun: optional(flag) }),
  uses: (input) => [
    {
      action: "kms:RevokeGrant",
      key: input.KeyId,
      crossAccount: true,
      conditions: { "kms:GrantIsForAWSResource": "false" },
    },
  ],
  async run({ GrantId, DryRun }, keys, { grants, events }) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition);
    if (fault) return fault;
    const grant = grants.find(record.arn, GrantId);
    if (!grant) return new AwsFault("NotFoundException", `Grant ID ${GrantId} not found`);
    const dryRun = dryRunFault(DryRun);
    if (dryRun) return dryRun;
    grants.remove(grant);
    events.change({ subject: "key", id: record.arn, change: "RevokeGrant" });
    return { body: {} };
  },
});
