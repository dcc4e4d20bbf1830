import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyArn } from "./parse-key-arn.js";

const REGIONS = ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"];
const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const parse = (text: string) => {
  const outcome = parseKeyArn(text, REGIONS);
  return outcome.ok ? outcome.value : outcome.error.code;
};

describe("parseKeyArn", () => {
  it("takes an ARN apart", () => {
    expect(parse(` arn:aws:kms:us-east-1:111122223333:key/${ID}\n`)).toEqual({
      arn: `arn:aws:kms:us-east-1:111122223333:key/${ID}`,
      partition: "aws",
      region: "us-east-1",
      awsAccountId: "111122223333",
      keyId: ID,
      multiRegion: false,
    });
  });

  it("knows a multi-Region key by its id", () => {
    const arn = `arn:aws:kms:eu-west-1:111122223333:key/mrk-${"0a".repeat(16)}`;
    expect(parse(arn)).toMatchObject({ keyId: `mrk-${"0a".repeat(16)}`, multiRegion: true });
  });

  it.each([
    ["alias/aws/s3", "KEY_AWS_MANAGED"],
    ["arn:aws:kms:us-east-1:111122223333:alias/aws/s3", "KEY_AWS_MANAGED"],
    ["alias/backup", "KEY_ALIAS_UNSUPPORTED"],
    ["arn:aws:kms:mars-north-1:111122223333:alias/backup", "KEY_ALIAS_UNSUPPORTED"],
    [`arn:aws:kms:us-east-1:111122223333:alias/${"a".repeat(250)}`, "KEY_ALIAS_UNSUPPORTED"],
    ["https://contoso.vault.azure.net/keys/backup/78deebed173b48e48f55abf87ed4cf71", "KEY_PROVIDER_UNSUPPORTED"],
    ["https://contoso.managedhsm.azure.net/keys/backup", "KEY_PROVIDER_UNSUPPORTED"],
    ["projects/p/locations/global/keyRings/r/cryptoKeys/k", "KEY_PROVIDER_UNSUPPORTED"],
    [`arn:aws:kms:ap-south-1:111122223333:key/${ID}`, "KEY_REGION_UNSUPPORTED"],
    [`arn:aws:kms:us-east-1.evil.example:111122223333:key/${ID}`, "KEY_REGION_UNSUPPORTED"],
    [`arn:aws-cn:kms:us-east-1:111122223333:key/${ID}`, "KEY_ARN_INVALID"],
    [`arn:aws:kms:cn-north-1:111122223333:key/${ID}`, "KEY_ARN_INVALID"],
    [`arn:aws-eu:kms:us-east-1:111122223333:key/${ID}`, "KEY_ARN_INVALID"],
    [`arn:aws:kms:us-east-1:11112222333:key/${ID}`, "KEY_ARN_INVALID"],
    [`arn:aws:kms:us-east-1:111122223333:key/${ID.toUpperCase()}`, "KEY_ARN_INVALID"],
    [`arn:aws:kms:us-east-1:111122223333:key/${ID}/`, "KEY_ARN_INVALID"],
    ["arn:aws:kms:us-east-1:111122223333:key/mrk-123", "KEY_ARN_INVALID"],
    [ID, "KEY_ARN_INVALID"],
    ["https://evil.example/.vault.azure.net/keys", "KEY_ARN_INVALID"],
    ["arn:aws:s3:::bucket", "KEY_ARN_INVALID"],
    ["", "KEY_ARN_INVALID"],
    ["alias/".padEnd(600, "a"), "KEY_ARN_INVALID"],
  ])("refuses %s as %s", (text, code) => {
    expect(parse(text)).toBe(code);
  });

  it("names the field at fault", () => {
    expect(parseKeyArn("x", REGIONS)).toMatchObject({ ok: false, error: { field: ["input", "keyArn"] } });
  });

  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
  const uuid = fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((parts) => parts.join("-"));
  const place = fc.constantFrom(
    ["aws", "us-east-1"],
    ["aws", "eu-west-1"],
    ["aws-cn", "cn-north-1"],
    ["aws-us-gov", "us-gov-west-1"],
  );
  const valid = fc
    .tuple(
      place,
      fc.stringMatching(/^[0-9]{12}$/),
      fc.oneof(
        uuid,
        hex(32).map((digits) => `mrk-${digits}`),
      ),
    )
    .map(([[partition, region], account, id]) => `arn:${partition}:kms:${region}:${account}:key/${id}`);

  it("accepts every well-formed ARN, and puts it together again", () => {
    fc.assert(
      fc.property(valid, (arn) => {
        const parsed = parse(arn);
        if (typeof parsed === "string") throw new Error(parsed);
        const { partition, region, awsAccountId, keyId } = parsed;
        expect(`arn:${partition}:kms:${region}:${awsAccountId}:key/${keyId}`).toBe(arn);
      }),
    );
  });

  it("never accepts an ARN with one character changed to something that no ARN holds", () => {
    fc.assert(
      fc.property(valid, fc.nat(), fc.constantFrom("/", "\\", "@", "?", "#", "%", "\0", "é", "*"), (arn, at, bad) => {
        const index = at % arn.length;
        fc.pre(arn[index] !== bad);
        expect(typeof parse(arn.slice(0, index) + bad + arn.slice(index + 1))).toBe("string");
      }),
    );
  });

  it("answers for any text, without throwing", () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => typeof parse(text) === "string" || text.includes("arn:")));
  });
});
