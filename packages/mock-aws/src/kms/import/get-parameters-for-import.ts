import { createPublicKey } from "node:crypto";
import { stateFault } from "../../keys/state-table.js";
import { oneOf, required, shape } from "../input.js";
import { keyId } from "../members.js";
import { conditionValues, defineOperation, keyAt, ownKey } from "../operation.js";
import { originFault } from "./origin-fault.js";

export const getParametersForImport = defineOperation({
  name: "GetParametersForImport",
  input: shape({
    KeyId: required(keyId),
    WrappingAlgorithm: required(
      oneOf(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"]),
    ),
    WrappingKeySpec: required(oneOf(["RSA_2048", "RSA_3072", "RSA_4096"])),
  }),
  uses: (input) =>
    ownKey(
      "kms:GetParametersForImport",
      input.KeyId,
      conditionValues({ "kms:WrappingAlgorithm": input.WrappingAlgorithm, "kms:WrappingKeySpec": input.WrappingKeySpec }),
    ),
  async run(input, keys, { keys: registry, imports }) {
    const { record } = keyAt(keys, 0);
    const fault = originFault(record) ?? stateFault("get-import-parameters", record.arn, registry.latest(record));
    if (fault) return fault;
    const bits = Number(input.WrappingKeySpec.replace("RSA_", ""));
    const { token, wrappingKey, validTo } = await imports.issue(record.arn, input.WrappingAlgorithm, bits);
    return {
      body: {
        KeyId: record.arn,
        ImportToken: token,
        PublicKey: createPublicKey(wrappingKey).export({ format: "der", type: "spki" }),
        ParametersValidTo: validTo / 1000,
      },
    };
  },
});
