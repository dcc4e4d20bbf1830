import fc from "fast-check";
import { expect, it } from "vitest";
import { parseFaultRules } from "./parse-rules.js";

it("takes every field in its range", () => {
  const rule = {
    service: "kms",
    region: "us-east-1",
    operation: "Decrypt",
    probability: 0.5,
    error: { statusCode: 400, code: "ThrottlingException", message: "slow down" },
    keyArn: "arn",
    accountId: "111122223333",
    callerAccountId: "444455556666",
    latencyMs: 10,
    jitterMs: 5,
    count: 3,
    durationMs: 1000,
    effect: "error",
  };
  expect(parseFaultRules([rule, {}])).toEqual({ ok: true, rules: [rule, {}] });
});

it("takes LocalStack's own rules as they are", () => {
  const rules = [
    {},
    { service: "s3" },
    { region: "us-east-1", service: "kms", operation: "Encrypt", probability: 0.1 },
    { service: "kms", probability: 1, error: { statusCode: 404, code: "ResourceNotFoundException" } },
  ];
  expect(parseFaultRules(JSON.parse(JSON.stringify(rules)))).toEqual({ ok: true, rules });
});

it.each([
  ["x", "the rules must be an array"],
  [{}, "the rules must be an array"],
  [[1], "[0] must be an object"],
  [[{}, { oops: 1 }], "[1].oops is not a field of a rule"],
  [[{ toString: 1 }], "[0].toString is not a field of a rule"],
  [[{ probability: 1.1 }], "[0].probability must be a number between 0 and 1"],
  [[{ probability: "1" }], "[0].probability"],
  [[{ service: "" }], "[0].service"],
  [[{ count: 0 }], "[0].count"],
  [[{ count: 1.5 }], "[0].count must be a whole number"],
  [[{ durationMs: 0 }], "[0].durationMs"],
  [[{ latencyMs: -1 }], "[0].latencyMs"],
  [[{ effect: "explode" }], "[0].effect must be one of error, reset"],
  [[{ error: "x" }], "[0].error must be an object"],
  [[{ error: { code: "X" } }], "[0].error .statusCode"],
  [[{ error: { statusCode: 200, code: "X" } }], "[0].error .statusCode"],
  [[{ error: { statusCode: 500, code: "X", other: 1 } }], "[0].error has an unknown field other"],
])("%j is refused: %s", (input, problem) => {
  const parsed = parseFaultRules(input);
  expect(parsed.ok ? "" : parsed.problems.join("; ")).toContain(problem);
});

it("never throws, whatever the input (property)", () => {
  fc.assert(fc.property(fc.jsonValue(), (input) => typeof parseFaultRules(input).ok === "boolean"));
});
