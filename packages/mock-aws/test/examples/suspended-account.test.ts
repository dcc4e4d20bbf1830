import { expect, it } from "vitest";
import { withMockAws } from "../../src/index.js";
import { seal } from "./your-code.js";

it("does not seal for a customer whose AWS account is suspended", () =>
  withMockAws(async (aws) => {
    const [customer, vendor] = [await aws.openAccount("customer"), await aws.openAccount("vendor")];
    const key = await customer.createKey({ sharedWith: [vendor] });
    await customer.setStatus("SUSPENDED");
    expect(await seal(aws.url, vendor, key)).toBe("AccessDeniedException");
  }));
