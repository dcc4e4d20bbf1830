// What the examples lean on: an account that is opened acts as itself, shares what it says, and is gone with its AWS.
import { expect, it } from "vitest";
import { withMockAws } from "../src/index.js";
import { seal } from "./examples/your-code.js";
import { UPSTREAM } from "./harness.js";

const options = UPSTREAM === undefined ? {} : { upstream: UPSTREAM };

it("shares a key with those it names and with nobody else", () =>
  withMockAws(async (aws) => {
    const customer = await aws.openAccount("customer", { id: "111122223333", principal: "role/owner" });
    const [vendor, stranger] = [await aws.openAccount("vendor"), await aws.openAccount("stranger")];
    const key = await customer.createKey({ sharedWith: [vendor] });
    expect(key).toContain(":us-east-1:111122223333:key/");
    expect(customer.principalArn).toBe("arn:aws:iam::111122223333:role/owner");
    expect(await seal(aws.url, customer, key)).toBe("sealed");
    expect(await seal(aws.url, vendor, key)).toBe("sealed");
    expect(await seal(aws.url, stranger, key)).toBe("AccessDeniedException");
    expect(await seal(aws.url, vendor, await customer.createKey())).toBe("AccessDeniedException");
  }, options));

it("is suspended and reinstated; a key that cannot be made rejects", () =>
  withMockAws(async (aws) => {
    const customer = await aws.openAccount("customer", { region: "eu-west-1" });
    expect(await customer.createKey()).toContain(":eu-west-1:");
    await customer.setStatus("SUSPENDED");
    await expect(customer.createKey()).rejects.toThrow('CreateKey: {"__type":"OptInRequired"');
    await customer.setStatus("ACTIVE");
    expect(await customer.createKey()).toContain(customer.id);
  }, options));

it("closes what it started, also when the use of it fails", async () => {
  let url = "";
  const failing = withMockAws(async (aws) => {
    url = aws.url;
    throw new Error("the test failed");
  });
  await expect(failing).rejects.toThrow("the test failed");
  await expect(fetch(url)).rejects.toThrow();
});
