import { expect, it } from "vitest";
import { withMockAws } from "../../src/index.js";
import { seal } from "./your-code.js";

it("does not seal with a key that its owner disabled", () =>
  withMockAws(async (aws) => {
    const customer = await aws.openAccount("customer");
    const key = await customer.createKey();
    await customer.kms("DisableKey", { KeyId: key });
    expect(await seal(aws.url, customer, key)).toBe("DisabledException");
  }));
