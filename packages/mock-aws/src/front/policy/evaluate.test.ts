import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluatePolicy } from "./evaluate.js";
import { parsePolicy } from "./parse.js";
import type { Policy, PolicyRequest } from "./policy.js";

const OWNER = "111122223333";
const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/00000000-0000-4000-8000-000000000000`;

function policy(...statements: object[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.policy;
}

function request(more: Partial<Omit<PolicyRequest, "context">> & { context?: Record<string, string[]> } = {}): PolicyRequest {
  return {
    accountId: "444455556666",
    callerArn: "arn:aws:sts::444455556666:assumed-role/service/session",
    principalArn: "arn:aws:iam::444455556666:role/service",
    action: "kms:Decrypt",
    resource: KEY,
    ...more,
    context: new Map(Object.entries(more.context ?? {})),
  };
}

const allow = (more: object = {}): object => ({ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*", ...more });
const deny = (more: object = {}): object => allow({ Effect: "Deny", ...more });
const decide = (statements: object[], asked = request()): string => evaluatePolicy(policy(...statements), asked);

describe("statements", () => {
  it("nothing that applies is no permission", () => {
    expect(decide([allow({ Action: "kms:Encrypt" })])).toBe("no-statement");
  });

  it("an explicit deny outweighs every allow, wherever it stands (property)", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), (denies) => {
        const decision = decide(denies.map((denied) => (denied ? deny() : allow())));
        expect(decision).toBe(denies.includes(true) ? "explicit-deny" : "allow");
      }),
    );
  });

  it.each([
    ["*", true],
    ["444455556666", true],
    ["arn:aws:iam::444455556666:root", true],
    ["arn:aws:iam::444455556666:role/service", true],
    ["arn:aws:sts::444455556666:assumed-role/service/session", true],
    ["arn:aws:sts::444455556666:assumed-role/service/other", false],
    ["arn:aws:iam::444455556666:role/Service", false],
    ["arn:aws:iam::444455556666:user/service", false],
    ["111122223333", false],
    ["arn:aws:iam::111122223333:root", false],
  ])("principal %s: %s", (AWS, matched) => {
    expect(decide([allow({ Principal: { AWS } })])).toBe(matched ? "allow" : "no-statement");
    const others = decide([allow({ Principal: undefined, NotPrincipal: { AWS } })]);
    expect(others).toBe(matched ? "no-statement" : "allow");
  });

  it("a service principal is none of our callers", () => {
    expect(decide([allow({ Principal: { Service: "ec2.amazonaws.com" } })])).toBe("no-statement");
  });

  it.each([
    ["kms:Decrypt", true],
    ["KMS:decrypt", true],
    ["kms:De*", true],
    ["kms:Decryp?", true],
    ["*", true],
    ["kms:Encrypt", false],
    ["kms:Decrypt2", false],
    ["kms:Decry?", false],
  ])("action %s: %s", (Action, matched) => {
    expect(decide([allow({ Action })])).toBe(matched ? "allow" : "no-statement");
    expect(decide([allow({ Action: undefined, NotAction: Action })])).toBe(matched ? "no-statement" : "allow");
  });

  it.each([
    ["*", true],
    [KEY, true],
    ["arn:aws:kms:*:111122223333:key/*", true],
    ["arn:aws:kms:us-east-1:111122223333:key/other", false],
  ])("resource %s: %s", (Resource, matched) => {
    expect(decide([allow({ Resource })])).toBe(matched ? "allow" : "no-statement");
    expect(decide([allow({ Resource: undefined, NotResource: Resource })])).toBe(matched ? "no-statement" : "allow");
  });
});

describe("conditions", () => {
  const A = { a: ["x"] };
  const cases: [operator: string, values: string | string[] | boolean, context: Record<string, string[]>, holds: boolean][] = [
    ["StringEquals", "x", A, true],
    ["StringEquals", ["y", "x"], A, true],
    ["StringEquals", "X", A, false],
    ["StringEquals", "x", {}, false],
    ["StringEqualsIfExists", "x", {}, true],
    ["StringEqualsIfExists", "y", A, false],
    ["StringEqualsIgnoreCase", "X", A, true],
    ["StringNotEquals", "x", A, false],
    ["StringNotEquals", "y", A, true],
    ["StringNotEquals", ["y", "x"], A, false],
    ["StringNotEquals", "x", {}, true],
    ["StringNotEqualsIgnoreCase", "X", A, false],
    ["StringLike", "?", A, true],
    ["StringLike", "x*", A, true],
    ["StringLike", "y*", A, false],
    ["StringNotLike", "x*", A, false],
    ["Bool", true, { a: ["true"] }, true],
    ["Bool", "false", { a: ["true"] }, false],
    ["Bool", "true", {}, false],
    ["BoolIfExists", "true", {}, true],
    ["Null", "true", {}, true],
    ["Null", "true", A, false],
    ["Null", "false", A, true],
    ["Null", false, {}, false],
    ["ArnEquals", "arn:aws:iam::444455556666:role/*", { a: ["arn:aws:iam::444455556666:role/service"] }, true],
    ["ArnLike", "arn:aws:iam::*:role/service", { a: ["arn:aws:iam::444455556666:role/service"] }, true],
    ["ArnLike", "arn:*:role/service", { a: ["arn:aws:iam::444455556666:role/service"] }, false],
    ["ArnNotEquals", "arn:aws:iam::444455556666:role/service", { a: ["arn:aws:iam::444455556666:role/service"] }, false],
    ["ForAllValues:StringEquals", ["x", "y"], { a: ["x", "y"] }, true],
    ["ForAllValues:StringEquals", ["x"], { a: ["x", "y"] }, false],
    ["ForAllValues:StringEquals", ["x"], {}, true],
    ["ForAnyValue:StringEquals", ["x"], { a: ["y", "x"] }, true],
    ["ForAnyValue:StringEquals", ["z"], { a: ["y", "x"] }, false],
    ["ForAnyValue:StringEquals", ["x"], {}, false],
    ["ForAnyValue:StringEqualsIfExists", ["x"], {}, true],
    ["NumericLessThan", "10", { a: ["9.5"] }, true],
    ["NumericLessThan", "10", { a: ["10"] }, false],
    ["NumericLessThanEquals", "10", { a: ["10"] }, true],
    ["NumericGreaterThan", "10", { a: ["9"] }, false],
    ["NumericGreaterThanEquals", ["1", "10"], { a: ["5"] }, true],
    ["NumericEquals", "7", { a: ["7.0"] }, true],
    ["NumericEquals", "7", { a: ["seven"] }, false],
    ["NumericNotEquals", "7", { a: ["7"] }, false],
    ["NumericNotEquals", "7", {}, true],
    ["DateGreaterThan", "2026-01-01T00:00:00Z", { a: ["2026-01-02T00:00:00Z"] }, true],
    ["DateLessThan", "2026-01-01T00:00:00Z", { a: ["2026-01-02T00:00:00Z"] }, false],
    ["DateEquals", "1767225600", { a: ["2026-01-01T00:00:00Z"] }, true],
    ["DateNotEquals", "1767225600", { a: ["2026-01-01T00:00:00Z"] }, false],
    ["DateLessThanEquals", "soon", { a: ["2026-01-01T00:00:00Z"] }, false],
    ["DateGreaterThanEquals", "2026-01-01", { a: ["2026-01-01T00:00:00Z"] }, true],
    ["IpAddress", "10.0.0.0/8", { a: ["10.1.2.3"] }, true],
    ["IpAddress", "10.0.0.0/8", { a: ["11.1.2.3"] }, false],
    ["IpAddress", "2001:db8::/32", { a: ["2001:db8::1"] }, true],
    ["IpAddress", "10.0.0.0/99", { a: ["10.1.2.3"] }, false],
    ["IpAddress", "10.0.0.0/8", {}, false],
    ["NotIpAddress", "10.0.0.0/8", { a: ["10.1.2.3"] }, false],
    ["NotIpAddress", "10.0.0.0/8", {}, true],
    ["BinaryEquals", "eA==", { a: ["eA=="] }, true],
  ];
  it.each(cases)("%s %j on %j: %s", (operator, values, context, holds) => {
    const statement = allow({ Condition: { [operator]: { A: values } } });
    expect(decide([statement], request({ context }))).toBe(holds ? "allow" : "no-statement");
  });

  it("all operators and all keys of a statement must hold", () => {
    const statement = allow({ Condition: { StringEquals: { a: "x", b: "y" }, Bool: { c: "true" } } });
    expect(decide([statement], request({ context: { a: ["x"], b: ["y"], c: ["true"] } }))).toBe("allow");
    expect(decide([statement], request({ context: { a: ["x"], b: ["z"], c: ["true"] } }))).toBe("no-statement");
    expect(decide([statement], request({ context: { a: ["x"], b: ["y"], c: ["false"] } }))).toBe("no-statement");
  });
});

describe("policy variables", () => {
  const context = { "aws:principaltag/team": ["ops"], "aws:username": ["a*b"], many: ["1", "2"] };
  const cases: [operator: string, value: string, actual: string, holds: boolean][] = [
    ["StringEquals", "x-${aws:PrincipalTag/team}", "x-ops", true],
    ["StringEquals", "x-${AWS:principaltag/TEAM}", "x-ops", true],
    ["StringEquals", "x-${aws:PrincipalTag/team}", "x-dev", false],
    ["StringLike", "${aws:PrincipalTag/team}*", "ops-1", true],
    ["StringLike", "${aws:username}", "a*b", true],
    ["StringLike", "${aws:username}", "aXb", false],
    ["StringLike", "a${*}b", "a*b", true],
    ["StringLike", "a${*}b", "aXb", false],
    ["StringEquals", "${$}{x}", "${x}", true],
    ["StringEquals", "${aws:PrincipalTag/none, 'other'}", "other", true],
    ["StringEquals", "${aws:PrincipalTag/none}", "", false],
    ["StringNotEquals", "${aws:PrincipalTag/none}", "x", false],
    ["StringEquals", "${many}", "1", false],
  ];
  it.each(cases)("%s %s on %s: %s", (operator, value, actual, holds) => {
    const statement = allow({ Condition: { [operator]: { a: value } } });
    const decision = decide([statement], request({ context: { ...context, a: [actual] } }));
    expect(decision).toBe(holds ? "allow" : "no-statement");
  });

  it("stand in a resource too, and are plain text in a document of the older version", () => {
    const Resource = "arn:aws:kms:us-east-1:${aws:PrincipalTag/team}:key/*";
    const asked = request({ resource: "arn:aws:kms:us-east-1:ops:key/1", context });
    expect(decide([allow({ Resource })], asked)).toBe("allow");
    expect(decide([allow({ Resource: KEY.replace(OWNER, "${aws:PrincipalTag/none}") })], asked)).toBe("no-statement");
    const older = parsePolicy(JSON.stringify({ Statement: [allow({ Condition: { StringEquals: { a: "${b}" } } })] }));
    if (!older.ok) throw new Error(older.problem);
    expect(evaluatePolicy(older.policy, request({ context: { a: ["${b}"] } }))).toBe("allow");
  });
});

describe("documents that are refused", () => {
  const statement = (more: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [allow(more)] });
  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    JSON.stringify({ Version: "2020-01-01", Statement: [allow()] }),
    JSON.stringify({ Statement: [] }),
    JSON.stringify({ Statement: ["x"] }),
    statement({ Effect: "Maybe" }),
    statement({ Principal: undefined }),
    statement({ NotPrincipal: "*" }),
    statement({ Principal: { AWS: "arn:aws:iam::1:role/x" } }),
    statement({ Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
    statement({ Principal: { Google: "x" } }),
    statement({ Action: undefined }),
    statement({ Action: [] }),
    statement({ Action: {} }),
    statement({ NotAction: "x" }),
    statement({ Resource: undefined }),
    statement({ Extra: 1 }),
    statement({ Condition: "x" }),
    statement({ Condition: { StringEquals: "x" } }),
    statement({ Condition: { NumericNear: { a: 1 } } }),
    statement({ Condition: { NullIfExists: { a: "true" } } }),
    JSON.stringify({ Version: "2012-10-17", Owner: "x", Statement: [allow()] }),
  ])("%s", (text) => {
    expect(parsePolicy(text)).toMatchObject({ ok: false });
  });

  it("never throws, whatever the text (property)", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parsePolicy(text).ok === "boolean"));
  });
});
