import { expect, it } from "vitest";
import type { Caller } from "../accounts.js";
import { conditionContext } from "./context.js";

const caller: Caller = {
  account: {
    id: "444455556666",
    name: "vendor",
    status: "ACTIVE",
    profile: "cross-account-denied",
    closedAt: null,
    keysGoneBefore: null,
    principals: [],
  },
  arn: "arn:aws:sts::444455556666:assumed-role/service/session",
  principalArn: "arn:aws:iam::444455556666:role/service",
  secretAccessKey: "",
};

it("has the caller, the Region and each pair of the encryption context, all names in lower case", () => {
  const context = conditionContext(caller, "eu-west-1", { "ekm:Account": "acme", purpose: "x" });
  expect(Object.fromEntries(context)).toEqual({
    "aws:principalarn": [caller.principalArn],
    "aws:principalaccount": ["444455556666"],
    "aws:principaltype": ["AssumedRole"],
    "aws:requestedregion": ["eu-west-1"],
    "aws:securetransport": ["true"],
    "kms:calleraccount": ["444455556666"],
    "kms:encryptioncontextkeys": ["ekm:Account", "purpose"],
    "kms:encryptioncontext:ekm:account": ["acme"],
    "kms:encryptioncontext:purpose": ["x"],
  });
});

it("has no key for an empty encryption context", () => {
  expect([...conditionContext(caller, "eu-west-1", {}).keys()].filter((name) => name.includes("encryption"))).toEqual([]);
});
