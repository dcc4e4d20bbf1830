import type { Plant } from "../plant.js";

export const ownSuspensionBlamedOnCustomer: Plant = {
  name: "own-suspension-blamed-on-customer",
  breaks: "when the vendor's own AWS account is suspended, the customer's key is said to be denied",
  file: "packages/kms-aws/dist/classification/classify-answer.js",
  find: 'names: ["AccessDeniedException"]',
  replace: 'names: ["AccessDeniedException", "OptInRequired"]',
  caughtBy: [
    {
      experiment: "vendor-account-suspended",
      phase: "method",
      step: "until it holds: back up acme",
      happened: /^backup of acme FAILED KEY_ACCESS_DENIED, still after/,
    },
  ],
};
