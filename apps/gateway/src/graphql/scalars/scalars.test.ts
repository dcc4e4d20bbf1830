import { parseValue } from "graphql";
import { describe, expect, it } from "vitest";
import { BigIntString } from "./big-int.js";
import { DateTime } from "./date-time.js";
import { KeyArn, partsOf } from "./key-arn.js";

describe("DateTime", () => {
  it("is written in UTC with milliseconds, and read from any zone", () => {
    expect(DateTime.serialize(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(DateTime.parseValue("2030-01-31T12:00:00+02:00")).toEqual(new Date("2030-01-31T10:00:00Z"));
  });

  it.each(["2030-01-31", "yesterday", "2030-13-31T12:00:00Z", "2030-01-31T12:00:00", 0, null, {}])("is not %j", (value) => {
    expect(() => DateTime.parseValue(value)).toThrow();
  });

  it("never passes a string through", () => {
    expect(() => DateTime.serialize("2030-01-31T12:00:00Z")).toThrow();
  });
});

describe("BigInt", () => {
  it.each(["0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"])("%s comes back as it went", (text) => {
    expect(BigIntString.serialize(BigIntString.parseValue(text))).toBe(text);
  });

  it("takes a literal and a number without quotes", () => {
    expect(BigIntString.parseLiteral(parseValue("1048576"))).toBe(1048576n);
    expect(BigIntString.parseLiteral(parseValue('"1048576"'))).toBe(1048576n);
    expect(BigIntString.parseValue(7)).toBe(7n);
  });

  it.each([
    "9223372036854775808",
    "-9223372036854775809",
    "9".repeat(40),
    "1.5",
    "1e3",
    "0x10",
    "",
    " 1",
    2 ** 53,
    1.5,
    true,
    null,
  ])("is not %j", (value) => {
    expect(() => BigIntString.parseValue(value)).toThrow();
  });

  it("never rounds", () => {
    expect(() => BigIntString.serialize(2 ** 53)).toThrow();
    expect(() => BigIntString.serialize(0.5)).toThrow();
  });
});

describe("KeyArn", () => {
  const arn = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef";

  it("is an ARN of a KMS key, in any partition", () => {
    expect(KeyArn.parseValue(arn)).toBe(arn);
    expect(partsOf(arn)).toEqual({ arn, partition: "aws-us-gov", region: "us-gov-west-1", awsAccountId: "111122223333" });
  });

  it.each([
    "arn:aws:kms:eu-west-1:111122223333:alias/x",
    "arn:aws:s3:eu-west-1:111122223333:key/x",
    "arn:aws:kms:eu-west-1:1111:key/x",
    `${arn}'; rm -rf ~`,
    `${arn}\n`,
    `arn:aws:kms:eu-west-1:111122223333:key/${"x".repeat(200)}`,
    "",
    null,
  ])("is not %j", (value) => {
    expect(() => KeyArn.parseValue(value)).toThrow();
  });
});
