import { describe, expect, it } from "vitest";
import { keyPolicy, POLICY_NAMES } from "./key-policies.js";

const grantee = {
  vendorAccountId: "111122223333",
  vendorPrincipalArn: "arn:aws:iam::111122223333:role/ekm-service",
  accountIds: ["acc-1", "acc-2"],
};

describe("key policies", () => {
  it("always leave the owner in charge", () => {
    for (const name of POLICY_NAMES) {
      expect(keyPolicy(name, "444455556666", grantee).Statement[0]).toMatchObject({
        Principal: { AWS: "arn:aws:iam::444455556666:root" },
        Action: "kms:*",
      });
    }
    expect(keyPolicy("none", "444455556666", grantee).Statement).toHaveLength(1);
  });

  it("by the grant template admit one principal, and use of the key only with the accounts' context", () => {
    const [, describeKey, use] = keyPolicy("grant-template", "444455556666", grantee).Statement;
    expect(describeKey).toMatchObject({ Action: "kms:DescribeKey", Principal: { AWS: "arn:aws:iam::111122223333:root" } });
    expect(describeKey?.Condition).toEqual({ ArnEquals: { "aws:PrincipalArn": grantee.vendorPrincipalArn } });
    expect(use?.Condition).toEqual({
      ArnEquals: { "aws:PrincipalArn": grantee.vendorPrincipalArn },
      StringEquals: { "kms:EncryptionContext:ekm:account": ["acc-1", "acc-2"] },
    });
  });
});
