import { AwsFault } from "../front/aws-fault.js";
import { dataKeyInput, newDataKey } from "./data-key.js";
import { defineOperation } from "./operation.js";

export const generateDataKeyWithoutPlaintext = defineOperation({
  name: "GenerateDataKeyWithoutPlaintext",
  input: dataKeyInput,
  uses: (input) => [
    {
      action: "kms:GenerateDataKeyWithoutPlaintext",
      key: input.KeyId,
      context: input.EncryptionContext,
      crossAccount: true,
    },
  ],
  async run(input, keys, services) {
    const dataKey = await newDataKey("GenerateDataKeyWithoutPlaintext", input, keys, services);
    if (dataKey instanceof AwsFault) return dataKey;
    return { body: { CiphertextBlob: dataKey.ciphertext, KeyId: dataKey.keyArn } };
  },
});
