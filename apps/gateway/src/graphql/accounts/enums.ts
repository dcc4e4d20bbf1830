import { enumOf } from "../scalars/enum-of.js";

export const KeyManagementEnum = enumOf(
  "KeyManagement",
  ["CLOUD", "ENTERPRISE"],
  "Who controls the key that protects the data.",
  {
    CLOUD: "Cloud Key Management: the vendor, by a KMS key of this account's own.",
    ENTERPRISE: "Enterprise Key Management: the customer, by a KMS key in the customer's own AWS account.",
  },
);
