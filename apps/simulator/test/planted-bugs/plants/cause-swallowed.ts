import type { Plant } from "../plant.js";

export const causeSwallowed: Plant = {
  name: "cause-swallowed",
  breaks: "whatever AWS answers, the product says INTERNAL",
  file: "packages/kms-aws/dist/classification/classify-answer.js",
  find: "return { failureClass: row.failureClass, code: row.code, known: true };",
  replace: 'return { failureClass: row.failureClass, code: "INTERNAL", known: true };',
  caughtBy: [
    {
      experiment: "key-policy-revoked",
      phase: "method",
      step: "until it holds: back up acme",
      happened: /^backup of acme FAILED INTERNAL, still after/,
    },
  ],
};
