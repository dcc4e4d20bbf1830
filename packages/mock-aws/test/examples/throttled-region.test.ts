import { expect, it } from "vitest";
import { THROTTLED, withMockAws } from "../../src/index.js";
import { seal } from "./your-code.js";

it("does not seal in a Region that is throttled", () =>
  withMockAws(async (aws) => {
    const customer = await aws.openAccount("customer");
    const key = await customer.createKey();
    await aws.simulator.faults.add([{ region: "us-east-1", operation: "Encrypt", error: THROTTLED }]);
    expect(await seal(aws.url, customer, key)).toBe("ThrottlingException");
  }));
