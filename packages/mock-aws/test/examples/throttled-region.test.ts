import { expect, it } from "vitest";
import { createAwsClient, startMockAws } from "../../src/index.js";
import { seal } from "./your-code.js";

it("a Region in which every other call is throttled, and one whose quota is used up", async () => {
  const aws = await startMockAws({ seed: 1 });
  const customer = await aws.simulator.accounts.create({ name: "customer" });
  const owner = createAwsClient({ endpoint: aws.url, ...customer, region: "us-east-1" });
  const { Arn } = (await owner.kms("CreateKey")).body["KeyMetadata"] as { Arn: string };
  const error = { statusCode: 400, code: "ThrottlingException" };
  await aws.simulator.faults.add([{ service: "kms", region: "us-east-1", operation: "Encrypt", probability: 0.5, error }]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => seal(aws.url, customer, Arn)));
  expect(new Set(answers)).toEqual(new Set(["sealed", "ThrottlingException"]));
  await aws.simulator.faults.clear();
  await aws.simulator.quotas.set({ perSecond: { Cryptographic: 1 } });
  await seal(aws.url, customer, Arn);
  expect(await seal(aws.url, customer, Arn)).toBe("ThrottlingException");
  await aws.close();
});
