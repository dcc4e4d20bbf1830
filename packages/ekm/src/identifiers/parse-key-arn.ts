import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";

export interface KeyArn {
  /** As submitted, without surrounding white space. */
  readonly arn: string;
  readonly partition: "aws" | "aws-cn" | "aws-us-gov";
  readonly region: string;
  /** 12 digits. */
  readonly awsAccountId: string;
  /** A UUID, or `mrk-` and 32 hexadecimal digits. */
  readonly keyId: string;
  /** By its id: a multi-Region key, primary or replica. */
  readonly multiRegion: boolean;
}

/** Longer than any ARN of a KMS key or alias (an alias has up to 256 characters). */
export const MAX_IDENTIFIER_LENGTH = 512;

const PARTITIONS = "aws|aws-cn|aws-us-gov";
const ALIAS = new RegExp(`^(?:arn:(?:${PARTITIONS}):kms:[^:]*:[^:]*:)?alias/(.*)$`);
const OTHER_PROVIDERS = [
  /^https:\/\/[^/?#\s]+\.vault\.azure\.(?:net|cn)(?:[:/?#]|$)/i,
  /^https:\/\/[^/?#\s]+\.managedhsm\.azure\.net(?:[:/?#]|$)/i,
  /^(?:(?:https:)?\/\/cloudkms\.googleapis\.com\/(?:v1\/)?)?projects\/[^/]+\/locations\/[^/]+\/keyRings\//i,
];
const HEX = "[0-9a-f]";
const KEY_ID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}|mrk-${HEX}{32}`;
// The Region is any text: the allow-list alone decides, and nothing is built from what is not on it.
const KEY_ARN = new RegExp(`^arn:(${PARTITIONS}):kms:([^:\\s]+):([0-9]{12}):key/(${KEY_ID})$`);

const partitionOf = (region: string): KeyArn["partition"] =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/**
 * What a person submitted as a key; the first match of contract/errors.md ("Identifiers") decides. The rejection carries
 * the field `input.keyArn`. Never throws.
 */
export function parseKeyArn(text: string, allowedRegions: readonly string[]): Outcome<KeyArn, Rejection> {
  const refuse = (code: Rejection["code"], message?: string) => fail(rejection(code, message, ["input", "keyArn"]));
  const arn = text.trim();
  if (arn.length > MAX_IDENTIFIER_LENGTH) return refuse("KEY_ARN_INVALID");

  const alias = ALIAS.exec(arn);
  if (alias) return refuse(alias[1]?.startsWith("aws/") ? "KEY_AWS_MANAGED" : "KEY_ALIAS_UNSUPPORTED");
  if (OTHER_PROVIDERS.some((form) => form.test(arn))) return refuse("KEY_PROVIDER_UNSUPPORTED");

  const [, partition, region, awsAccountId, keyId] = KEY_ARN.exec(arn) ?? [];
  if (!partition || !region || !awsAccountId || !keyId) return refuse("KEY_ARN_INVALID");
  if (!allowedRegions.includes(region)) {
    return refuse("KEY_REGION_UNSUPPORTED", `Supported are keys in these AWS Regions: ${allowedRegions.join(", ")}.`);
  }
  if (partition !== partitionOf(region)) return refuse("KEY_ARN_INVALID");
  return ok({
    arn,
    partition: partition as KeyArn["partition"],
    region,
    awsAccountId,
    keyId,
    multiRegion: keyId.startsWith("mrk-"),
  });
}
