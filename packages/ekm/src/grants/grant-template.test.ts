import { describe, expect, it } from "vitest";
import type { GrantRequest, PolicyStatement } from "./grant-request.js";
import { grantTemplate } from "./grant-template.js";

const request: GrantRequest = {
  accountId: "acc_01JZZZZZZZZZZZZZZZZZZZZZZZ",
  vendorAwsAccountId: "999988887777",
  vendorPrincipalArn: "arn:aws:iam::999988887777:role/ekm-service",
};
const key = {
  arn: "arn:aws:kms:eu-west-1:111122223333:key/0b0fdd10-1111-2222-3333-444455556666",
  awsAccountId: "111122223333",
  region: "eu-west-1",
  partition: "aws",
};
const fromTerraform = (text: string) => JSON.parse(/jsonencode\(([\s\S]*?)\n {2}?\}\)/.exec(text)?.[1]?.concat("}") ?? "null");

describe("the grant template", () => {
  const forKey = grantTemplate({ ...request, key });
  const policy = JSON.parse(forKey.keyPolicy);

  it("allows DescribeKey without a context and the rest for this account's context alone", () => {
    const [describeKey, use] = JSON.parse(forKey.statements);
    expect(describeKey.Action).toBe("kms:DescribeKey");
    expect(describeKey.Condition.StringEquals).toEqual({ "aws:PrincipalArn": request.vendorPrincipalArn });
    expect(use.Condition.StringEquals["kms:EncryptionContext:ekm:account"]).toBe(request.accountId);
    expect(use.Action).not.toContain("kms:*");
    expect(use.Principal.AWS).toBe("arn:aws:iam::999988887777:root");
  });

  it("keeps the owner's administration in the whole policy", () => {
    expect(policy.Statement[0]).toMatchObject({ Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*" });
    expect(policy.Statement.slice(1)).toEqual(JSON.parse(forKey.statements));
  });

  it("binds both statements to the session's tag where that is asked for, and neither otherwise", () => {
    const tag = "aws:PrincipalTag/ekm:account";
    const tagsOf = (template: { statements: string }) =>
      JSON.parse(template.statements).map((statement: PolicyStatement) => statement.Condition?.StringEquals[tag]);
    expect(tagsOf(grantTemplate({ ...request, key, requireSessionTag: true }))).toEqual([request.accountId, request.accountId]);
    expect(tagsOf(forKey)).toEqual([undefined, undefined]);
  });

  it("says the same in every form", () => {
    const ours = policy.Statement.slice(1);
    expect(JSON.parse(forKey.cloudFormation).Resources.EkmKey.Properties.KeyPolicy.Statement.slice(1)).toEqual(ours);
    expect(fromTerraform(forKey.terraform).Statement.slice(1)).toEqual(ours);
    expect(JSON.parse(/--policy '([^']*)'/.exec(forKey.awsCli)?.[1] ?? "null")).toEqual(policy);
  });

  it("holds placeholders, or creates the key, while no ARN is known", () => {
    const without = grantTemplate(request);
    expect(without.keyPolicy).toContain("YOUR-AWS-ACCOUNT-ID");
    expect(without.terraform).toContain('resource "aws_kms_key"');
    expect(without.awsCli).toContain("create-key");
    expect(JSON.parse(without.cloudFormation).Resources.EkmKey.Properties.KeyPolicy.Statement[0].Principal.AWS).toEqual({
      "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root",
    });
  });
});
