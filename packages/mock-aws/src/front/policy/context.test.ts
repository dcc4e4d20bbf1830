import { expect, it } from "vitest";
import { newKeyRecord } from "../../keys/key.js";
import type { Caller } from "../accounts.js";
import { conditionContext } from "./context.js";
import { parsePolicy } from "./parse.js";
import { defaultPolicyText } from "./policy.js";

const caller: Caller = {
  account: {
    id: "444455556666",
    name: "vendor",
    status: "ACTIVE",
    profile: "cross-account-denied",
    organizationId: "o-abcdefghij",
    closedAt: null,
    keysGoneBefore: null,
    principals: [],
  },
  principal: { policies: null, viaService: null },
  arn: "arn:aws:sts::444455556666:assumed-role/service/session",
  principalArn: "arn:aws:iam::444455556666:role/service",
  userId: "AROAEXAMPLE:session",
  secretAccessKey: "",
  tags: { Team: "backup" },
  session: null,
};
const now = Date.UTC(2026, 0, 2, 3, 4, 5);

it("has the caller, the time, the Region and each pair of the encryption context, all names in lower case", () => {
  const encryptionContext = { "ekm:Account": "acme", purpose: "x" };
  const context = conditionContext({ caller, region: "eu-west-1", now, encryptionContext });
  expect(Object.fromEntries(context)).toEqual({
    "aws:principalarn": [caller.principalArn],
    "aws:principalaccount": ["444455556666"],
    "aws:principaltype": ["AssumedRole"],
    "aws:principalisawsservice": ["false"],
    "aws:principalorgid": ["o-abcdefghij"],
    "aws:principaltag/team": ["backup"],
    "aws:userid": ["AROAEXAMPLE:session"],
    "aws:requestedregion": ["eu-west-1"],
    "aws:securetransport": ["true"],
    "aws:viaawsservice": ["false"],
    "aws:currenttime": ["2026-01-02T03:04:05.000Z"],
    "aws:epochtime": [String(now / 1000)],
    "kms:calleraccount": ["444455556666"],
    "kms:encryptioncontextkeys": ["ekm:Account", "purpose"],
    "kms:encryptioncontext:ekm:account": ["acme"],
    "kms:encryptioncontext:purpose": ["x"],
  });
});

it("has no key for an empty encryption context, and none for a source address or a service in between", () => {
  const names = [...conditionContext({ caller, region: "eu-west-1", now, encryptionContext: {} }).keys()];
  expect(names.filter((name) => /encryption|sourceip|viaservice/.test(name))).toEqual([]);
});

it("says through which service of AWS a call comes, and that a grant is then for a resource of that service", () => {
  const through = { ...caller, principal: { policies: null, viaService: "ebs.eu-west-1.amazonaws.com" } };
  const further = { "kms:GrantIsForAWSResource": "false" };
  const context = conditionContext({ caller: through, region: "eu-west-1", now, further });
  expect(context.get("kms:viaservice")).toEqual(["ebs.eu-west-1.amazonaws.com"]);
  expect(context.get("aws:viaawsservice")).toEqual(["true"]);
  expect(context.get("kms:grantisforawsresource")).toEqual(["true"]);
  expect(conditionContext({ caller, region: "eu-west-1", now, further }).get("kms:grantisforawsresource")).toEqual(["false"]);
});

it("has what is known of the key, its tags and its aliases", () => {
  const parsed = parsePolicy(defaultPolicyText("111122223333"));
  if (!parsed.ok) throw new Error(parsed.problem);
  const key = newKeyRecord({
    id: "mrk-00000000000000000000000000000000",
    accountId: "111122223333",
    region: "eu-west-1",
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    multiRegion: true,
    primaryRegion: "us-east-1",
    description: "",
    tags: [{ TagKey: "Stage", TagValue: "prod" }],
    createdAt: now,
    state: "Enabled",
    policy: parsed.policy,
  });
  const aliases = ["alias/a", "alias/b"];
  const further = { "kms:GrantOperations": ["Decrypt", "Encrypt"] };
  const context = conditionContext({ caller, region: "eu-west-1", now, key, aliases, requestAlias: "alias/a", further });
  expect(Object.fromEntries(context)).toMatchObject({
    "aws:resourceaccount": ["111122223333"],
    "aws:resourcetag/stage": ["prod"],
    "kms:keyspec": ["SYMMETRIC_DEFAULT"],
    "kms:keyusage": ["ENCRYPT_DECRYPT"],
    "kms:keyorigin": ["AWS_KMS"],
    "kms:multiregion": ["true"],
    "kms:multiregionkeytype": ["REPLICA"],
    "kms:primaryregion": ["us-east-1"],
    "kms:resourcealiases": aliases,
    "kms:requestalias": ["alias/a"],
    "kms:grantoperations": ["Decrypt", "Encrypt"],
  });
});
