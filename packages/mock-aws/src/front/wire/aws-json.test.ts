import { expect, it } from "vitest";
import { awsJson } from "./aws-json.js";

const bodyOf = (output: Record<string, unknown>): string => awsJson.answer("Operation", output, "id").body.toString("utf8");

it("writes what JSON.stringify writes, and bytes as base64", () => {
  const output = {
    KeyId: 'a "quoted" é',
    Truncated: false,
    Limit: 0,
    Tags: [{ TagKey: "a" }],
    Deep: { a: undefined },
    Nothing: null,
  };
  expect(bodyOf(output)).toBe(JSON.stringify(output));
  expect(bodyOf({ Plaintext: Buffer.from([0, 255]) })).toBe('{"Plaintext":"AP8="}');
});

it("leaves out members without a value; an answer without members has no body", () => {
  expect(bodyOf({ A: undefined, B: 1, C: undefined })).toBe('{"B":1}');
  expect(bodyOf({ A: undefined })).toBe("");
  expect(bodyOf({})).toBe("");
});
