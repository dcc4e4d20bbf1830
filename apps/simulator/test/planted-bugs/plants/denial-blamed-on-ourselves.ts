import type { Plant } from "../plant.js";

export const denialBlamedOnOurselves: Plant = {
  name: "denial-blamed-on-ourselves",
  breaks: "a denial of the customer's key is taken for a fault of the vendor's AWS account",
  file: "packages/kms-aws/dist/classification/to-failure.js",
  find: 'const ours = ownedByVendor && code === "KEY_ACCESS_DENIED";',
  replace: 'const ours = code === "KEY_ACCESS_DENIED";',
  caughtBy: [
    {
      experiment: "account-suspended",
      phase: "method",
      step: "until it holds: back up acme",
      happened: /^backup of acme FAILED VENDOR_AWS_FAULT, still after/,
    },
  ],
};
