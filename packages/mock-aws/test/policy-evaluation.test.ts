// Invariant: whether a call is allowed is what AWS's evaluation rules say, for every combination of key policy, identity policies
// and session policy. Checked against a second evaluator that was written separately.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Caller } from "../src/front/accounts.js";
import { refusalOf } from "../src/front/permit.js";
import { evaluateResourcePolicy } from "../src/front/policy/evaluate.js";
import { type PolicyKind, parsePolicy } from "../src/front/policy/parse.js";
import type { Policy } from "../src/front/policy/policy.js";
import { type Document, isAllowed, type Question } from "./policy-oracle.js";

const [US, THEM] = ["111122223333", "444455556666"];
const roleOf = (account: string) => `arn:aws:iam::${account}:role/service`;
const sessionOf = (account: string) => `arn:aws:sts::${account}:assumed-role/service/s1`;
const KEY = `arn:aws:kms:us-east-1:${US}:key/0a`;

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

const principals = some([US, THEM, "*", ...[US, THEM].flatMap((id) => [roleOf(id), sessionOf(id), `arn:aws:iam::${id}:root`])]);
const actions = some(["kms:Encrypt", "kms:Decrypt", "kms:*", "*", "KMS:ENCRYPT", "kms:?ncrypt", "kms:De*", "s3:*"]);
const resources = some([
  "*",
  KEY,
  "arn:aws:kms:*:111122223333:key/*",
  "arn:aws:kms:us-east-1:${acct}:key/0?",
  `${KEY}1`,
  "${none}",
]);

/** By kind of operator: the context keys and the values that make sense for it, and some that do not. */
const KINDS = [
  {
    operators: [
      "StringEquals",
      "StringNotEquals",
      "StringEqualsIgnoreCase",
      "StringNotEqualsIgnoreCase",
      "StringLike",
      "StringNotLike",
    ],
    keys: ["tag", "Tags", "gone"],
    values: ["red", "RED", "blue", "r*", "?ed", "*", "${tag}", "x-${Tag}", "${gone}", "${gone, 'red'}", "r${*}", "${tags}"],
  },
  {
    operators: ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    keys: ["arn", "gone"],
    values: [roleOf(US), roleOf(THEM), "arn:aws:iam::*:role/*", "arn:*:role/service", "arn:aws:iam::${acct}:role/service", "*"],
  },
  {
    operators: ["", "Not"]
      .map((not) => `Numeric${not}Equals`)
      .concat("NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"),
    keys: ["count", "gone"],
    values: ["1", "7", "7.5", "-3"],
  },
  {
    operators: ["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
    keys: ["when", "gone"],
    values: ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2025-01-01T00:00:00Z"],
  },
  { operators: ["Bool"], keys: ["flag", "gone"], values: ["true", "false", "TRUE"] },
] as const;

const condition = fc.oneof(
  ...KINDS.map(({ operators, keys, values }) =>
    fc
      .tuple(fc.constantFrom("", "ForAllValues:", "ForAnyValue:"), fc.constantFrom(...operators), fc.constantFrom("", "IfExists"))
      .chain(([set, operator, suffix]) =>
        fc
          .tuple(fc.constantFrom<string>(...keys), some(values))
          .map(([key, wanted]) => ({ [`${set}${operator}${suffix}`]: { [key]: wanted } })),
      ),
  ),
  fc.tuple(fc.constantFrom("tag", "gone"), fc.constantFrom("true", "false")).map(([key, value]) => ({ Null: { [key]: value } })),
);

const statement = (withPrincipal: boolean) =>
  fc
    .record({
      effect: fc.constantFrom("Allow", "Allow", "Deny"),
      principal: principals,
      anybody: fc.boolean(),
      notPrincipal: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
      action: actions,
      notAction: fc.integer({ max: 5, min: 0 }).map((n) => n === 0),
      resource: resources,
      notResource: fc.integer({ max: 5, min: 0 }).map((n) => n === 0),
      conditions: fc.array(condition, { maxLength: 2 }),
    })
    .map((made): Document => {
      const element = made.anybody && !made.notPrincipal ? "*" : { AWS: made.principal };
      return {
        Effect: made.effect,
        ...(withPrincipal ? { [made.notPrincipal ? "NotPrincipal" : "Principal"]: element } : {}),
        [made.notAction ? "NotAction" : "Action"]: made.action,
        [made.notResource ? "NotResource" : "Resource"]: made.resource,
        ...(made.conditions.length === 0 ? {} : { Condition: Object.assign({}, ...made.conditions) as Document }),
      };
    });

const document = (withPrincipal: boolean) =>
  fc
    .tuple(
      fc.constantFrom("2012-10-17", "2012-10-17", "2008-10-17"),
      fc.array(statement(withPrincipal), { minLength: 1, maxLength: 3 }),
    )
    .map(([Version, Statement]): Document => ({ Version, Statement }));

const values = (pool: readonly string[]) => fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 2 });

const question = fc
  .record({
    account: fc.constantFrom(US, THEM),
    action: fc.constantFrom("kms:Encrypt", "kms:Decrypt"),
    tag: maybe(fc.constantFrom("red", "blue", "x-red", "r*")),
    tags: maybe(values(["red", "blue", "RED"])),
    count: maybe(fc.constantFrom("1", "7", "-3")),
    when: maybe(fc.constantFrom("2026-01-01T00:00:00Z", "2025-06-01T00:00:00Z")),
    flag: maybe(fc.constantFrom("true", "false")),
  })
  .map(({ account, action, tags, ...single }): Question => {
    const context: Record<string, readonly string[]> = { arn: [roleOf(account)], acct: [account] };
    for (const [name, value] of Object.entries(single)) if (value !== undefined) context[name] = [value];
    if (tags !== undefined) context["tags"] = tags;
    const principal = { account, arn: roleOf(account), session: sessionOf(account) };
    return { action, resource: KEY, principal, ownerAccount: US, context };
  });

function parsed(value: Document, kind: PolicyKind): Policy {
  const result = parsePolicy(JSON.stringify(value), kind);
  if (!result.ok) throw new Error(`${result.problem} ${JSON.stringify(value)}`);
  return result.policy;
}

function ours(asked: Question, keyPolicy: Document, identity: readonly Document[] | null, session: Document | null): boolean {
  const { account, arn, session: callerArn } = asked.principal;
  const caller = {
    principal: { policies: identity?.map((each) => parsed(each, "identity")) ?? null },
    session: session && { token: "", expiresAt: 0, policy: parsed(session, "identity") },
  } as Caller;
  const request = {
    accountId: account,
    principalArn: arn,
    callerArn,
    action: asked.action,
    resource: asked.resource,
    context: new Map(Object.entries(asked.context)),
  };
  const decision = evaluateResourcePolicy(parsed(keyPolicy, "key"), request);
  return refusalOf(caller, request, decision, account === asked.ownerAccount) === null;
}

describe("policy evaluation, against a second evaluator", () => {
  it("agrees on 6,000 generated combinations, and both answers are common among them", () => {
    let allowed = 0;
    let total = 0;
    fc.assert(
      fc.property(
        question,
        document(true),
        fc.option(fc.array(document(false), { maxLength: 2 })),
        fc.option(document(false), { freq: 2 }),
        (asked, keyPolicy, identity, session) => {
          const expected = isAllowed(asked, keyPolicy, identity, session);
          total += 1;
          if (expected) allowed += 1;
          expect(ours(asked, keyPolicy, identity, session)).toBe(expected);
        },
      ),
      { numRuns: 6000 },
    );
    expect(allowed / total).toBeGreaterThan(0.03);
    expect(allowed / total).toBeLessThan(0.97);
  });

  it("agrees on single statements with every operator, where the answer hangs on the condition", () => {
    fc.assert(
      fc.property(question, condition, (asked, Condition) => {
        const Statement = [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*", Condition: Condition as Document }];
        const keyPolicy: Document = { Version: "2012-10-17", Statement };
        expect(ours(asked, keyPolicy, null, null)).toBe(isAllowed(asked, keyPolicy, null, null));
      }),
      { numRuns: 6000 },
    );
  });
});
