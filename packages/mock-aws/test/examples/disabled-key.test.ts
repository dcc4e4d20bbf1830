import { expect, it } from "vitest";
import { createAwsClient, startMockAws } from "../../src/index.js";
import { seal } from "./your-code.js";

it("a key that its owner disables, and enables again", async () => {
  const aws = await startMockAws();
  const customer = await aws.simulator.accounts.create({ name: "customer" });
  const owner = createAwsClient({ endpoint: aws.url, ...customer, region: "us-east-1" });
  const { Arn } = (await owner.kms("CreateKey")).body["KeyMetadata"] as { Arn: string };
  expect(await seal(aws.url, customer, Arn)).toBe("sealed");
  await owner.kms("DisableKey", { KeyId: Arn });
  expect(await seal(aws.url, customer, Arn)).toBe("DisabledException");
  await owner.kms("EnableKey", { KeyId: Arn });
  expect(await seal(aws.url, customer, Arn)).toBe("sealed");
  await aws.close();
});
