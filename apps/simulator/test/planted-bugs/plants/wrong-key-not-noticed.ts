import type { Plant } from "../plant.js";

export const wrongKeyNotNoticed: Plant = {
  name: "wrong-key-not-noticed",
  breaks: "an answer of KMS that names another key than was asked for is taken for good",
  file: "packages/kms-aws/dist/calls/decrypt.js",
  find: "KeyId === keyArn && isPlaintext(Plaintext)",
  replace: "isPlaintext(Plaintext)",
  caughtBy: [
    {
      experiment: "kms-answers-with-another-key",
      phase: "method",
      step: "restore first",
      happened: /^restore of acme /,
    },
  ],
};
