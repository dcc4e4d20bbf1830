import { AwsFault } from "../front/aws-fault.js";
import { dataKeyInput, newDataKey } from "./data-key.js";
import { cryptographicUse } from "./encryption-use.js";
import { defineOperation } from "./operation.js";

export const generateDataKey = defineOperation({
  name: "GenerateDataKey",
  input: dataKeyInput,
  uses: (input) => [cryptographicUse("kms:GenerateDataKey", input.KeyId, input)],
  async run(input, keys, services) {
    const dataKey = await newDataKey("GenerateDataKey", input, keys, services);
    if (dataKey instanceof AwsFault) return dataKey;
    const { ciphertext, keyArn, materialId, plaintext } = dataKey;
    return { body: { CiphertextBlob: ciphertext, KeyId: keyArn, KeyMaterialId: materialId, Plaintext: plaintext } };
  },
});
