import { AwsFault } from "../front/aws-fault.js";
import { dataKeyInput, newDataKey } from "./data-key.js";
import { cryptographicUse } from "./encryption-use.js";
import { defineOperation } from "./operation.js";

export const generateDataKeyWithoutPlaintext = defineOperation({
  name: "GenerateDataKeyWithoutPlaintext",
  input: dataKeyInput,
  uses: (input) => [cryptographicUse("kms:GenerateDataKeyWithoutPlaintext", input.KeyId, input)],
  async run(input, keys, services) {
    const dataKey = await newDataKey("GenerateDataKeyWithoutPlaintext", input, keys, services);
    if (dataKey instanceof AwsFault) return dataKey;
    const { ciphertext, keyArn, materialId } = dataKey;
    return { body: { CiphertextBlob: ciphertext, KeyId: keyArn, KeyMaterialId: materialId } };
  },
});
