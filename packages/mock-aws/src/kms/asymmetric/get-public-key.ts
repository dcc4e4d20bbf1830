import { createPublicKey } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { noMaterial } from "../cipher.js";
import { optional, required, shape } from "../input.js";
import { algorithmsOf } from "../key-kinds.js";
import { grantTokens, keyId } from "../members.js";
import { defineOperation, keyAt } from "../operation.js";

/** DER, SPKI. */
export const getPublicKey = defineOperation({
  name: "GetPublicKey",
  input: shape({ KeyId: required(keyId), GrantTokens: optional(grantTokens) }),
  uses: (input) => [
    { action: "kms:GetPublicKey", key: input.KeyId, crossAccount: true, alias: true, grantTokens: input.GrantTokens },
  ],
  async run(_input, keys, { upstream }) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("cryptographic", record.arn, condition);
    if (fault) return fault;
    if (record.keySpec === "SYMMETRIC_DEFAULT" || record.keySpec.startsWith("HMAC_")) {
      const message = `${record.arn} key spec is ${record.keySpec} which is not valid for GetPublicKey.`;
      return new AwsFault("UnsupportedOperationException", message);
    }
    const privateKey = upstream.privateKeyOf(record);
    if (privateKey === null) return noMaterial();
    return {
      body: {
        KeyId: record.arn,
        PublicKey: createPublicKey(privateKey).export({ format: "der", type: "spki" }),
        CustomerMasterKeySpec: record.keySpec,
        KeySpec: record.keySpec,
        KeyUsage: record.keyUsage,
        ...algorithmsOf(record),
      },
    };
  },
});
