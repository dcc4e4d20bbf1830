import { randomBytes } from "node:crypto";
import { AwsFault } from "../front/aws-fault.js";
import { optional, shape, text, whole } from "./input.js";
import { recipient } from "./members.js";
import { anywhere, defineOperation } from "./operation.js";

export const generateRandom = defineOperation({
  name: "GenerateRandom",
  input: shape({
    NumberOfBytes: optional(whole(1, 1024)),
    CustomKeyStoreId: optional(text(1, 64)),
    Recipient: optional(recipient),
  }),
  uses: () => [],
  permissions: () => anywhere("kms:GenerateRandom"),
  async run({ NumberOfBytes }) {
    if (NumberOfBytes === undefined) return new AwsFault("ValidationException", "NumberOfBytes is required.");
    return { body: { Plaintext: randomBytes(NumberOfBytes) } };
  },
});
