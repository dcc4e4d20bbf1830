import { describe, expect, it } from "vitest";
import { keyPolicy, type PolicyName } from "../../policies/key-policies.js";
import { grantTemplate, isGranted, withoutGrant } from "./grant.js";

const OWNER = "111111111111";
const vendor = { accountId: "222222222222", principalArn: "arn:aws:iam::222222222222:role/ekm" };
const grantee = { vendorAccountId: vendor.accountId, vendorPrincipalArn: vendor.principalArn, accountIds: ["a"] };
const policy = (name: PolicyName): string => JSON.stringify(keyPolicy(name, OWNER, grantee));

describe("a grant to the vendor", () => {
  it.each([
    ["grant-template", true],
    ["console-wizard", true],
    ["too-wide", true],
    ["deny-vendor", false],
    ["none", false],
  ] as const)("%s: %s", (name, expected) => {
    expect(isGranted(policy(name), vendor)).toBe(expected);
  });

  it("is taken out whole, whichever it was, and the owner's administration stays", () => {
    for (const name of ["grant-template", "console-wizard", "too-wide", "deny-vendor"] as const) {
      const left = withoutGrant(policy(name), vendor);
      expect(isGranted(left, vendor)).toBe(false);
      expect(JSON.parse(left)).toEqual(keyPolicy("none", OWNER, grantee));
    }
  });

  it("is the product's own template where nobody knows another", () => {
    expect(JSON.parse(grantTemplate(OWNER, vendor, ["a"]))).toEqual(keyPolicy("grant-template", OWNER, grantee));
  });

  it("is found in a policy of one statement that is no list", () => {
    const one = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { AWS: [`arn:aws:iam::${vendor.accountId}:root`] }, Action: "*", Resource: "*" },
    };
    expect(isGranted(JSON.stringify(one), vendor)).toBe(true);
  });
});
