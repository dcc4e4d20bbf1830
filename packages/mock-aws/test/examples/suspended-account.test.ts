import { expect, it } from "vitest";
import { createAwsClient, startMockAws } from "../../src/index.js";
import { seal } from "./your-code.js";

it("a customer whose AWS account is suspended", async () => {
  const aws = await startMockAws();
  const [customer, vendor] = [
    await aws.simulator.accounts.create({ name: "customer" }),
    await aws.simulator.accounts.create({ name: "vendor", principal: "role/backup" }),
  ];
  const letIn = { Effect: "Allow", Principal: { AWS: [customer.id, vendor.id] }, Action: "kms:*", Resource: "*" };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: letIn });
  const owner = createAwsClient({ endpoint: aws.url, ...customer, region: "us-east-1" });
  const { Arn } = (await owner.kms("CreateKey", { Policy })).body["KeyMetadata"] as { Arn: string };
  await aws.simulator.accounts.setStatus(customer.id, { status: "SUSPENDED" });
  expect(await seal(aws.url, vendor, Arn)).toBe("AccessDeniedException");
  await aws.simulator.accounts.setStatus(customer.id, { status: "ACTIVE" });
  expect(await seal(aws.url, vendor, Arn)).toBe("sealed");
  await aws.close();
});
