import { AwsFault } from "../front/aws-fault.js";
import { dataKeyInput, newDataKey } from "./data-key.js";
import { defineOperation } from "./operation.js";

export const generateDataKey = defineOperation({
  name: "GenerateDataKey",
  input: dataKeyInput,
  uses: (input) => [{ action: "kms:GenerateDataKey", key: input.KeyId, context: input.EncryptionContext, crossAccount: true }],
  async run(input, keys, services) {
    const dataKey = await newDataKey("GenerateDataKey", input, keys, services);
    if (dataKey instanceof AwsFault) return dataKey;
    return { body: { CiphertextBlob: dataKey.ciphertext, Plaintext: dataKey.plaintext, KeyId: dataKey.keyArn } };
  },
});
