import { accountKeyContext } from "@ekm/ekm";
import { isObjectNamePart } from "@ekm/vault";
import { z } from "zod";

export const KIT_FORMAT = "ekm-exit-kit";
export const KIT_FILE = "kit.json";

const KEY_ARN = /^arn:(?:aws|aws-cn|aws-us-gov):kms:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):\d{12}:key\/[A-Za-z0-9-]{1,128}$/;

/** Of a KMS key's ARN; null for any other text. */
export const regionOf = (keyArn: string): string | null => KEY_ARN.exec(keyArn)?.[1] ?? null;

const text = z.string().min(1).max(1024);
/** Ids are parts of object names. */
const id = z.string().refine(isObjectNamePart, "not an id");
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const generationNumber = z.int().min(1);
const count = z.string().regex(/^\d{1,20}$/);

const Generation = z
  .strictObject({
    generation: generationNumber,
    checkValue: digest,
    keyArn: z.string().regex(KEY_ARN),
    region: text,
    encryptionContext: z.record(z.string(), z.string()),
    ciphertext: z.base64().max(8192),
  })
  .refine(({ keyArn, region }) => regionOf(keyArn) === region, "the Region is not the key's");

const Backup = z.strictObject({
  id,
  createdAt: z.iso.datetime(),
  generation: generationNumber,
  bytes: count,
  items: count,
  contentDigest: digest,
  manifest: z.strictObject({ objectName: text, digest, version: z.int() }),
});

const Kit = z
  .strictObject({
    format: z.literal(KIT_FORMAT),
    version: z.literal(1),
    accountId: id,
    exportedAt: z.iso.datetime(),
    generations: z.array(Generation),
    backups: z.array(Backup),
  })
  .refine(
    ({ accountId, generations }) =>
      generations.every(({ generation, encryptionContext }) =>
        sameRecord(encryptionContext, accountKeyContext(accountId, generation)),
      ),
    "an encryption context is not that of its generation",
  );

/** docs/format.md, "Exit kit". Holds no secret: wraps open by the customer's KMS key alone. */
export type Kit = z.infer<typeof Kit>;
export type KitGeneration = Kit["generations"][number];
export type KitBackup = Kit["backups"][number];

export const encodeKit = (kit: Kit): string => `${JSON.stringify(kit, null, 2)}\n`;

/** The kit, or what is wrong with it. */
export function decodeKit(json: string): Kit | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { wrong: "it is not JSON" };
  }
  const parsed = Kit.safeParse(value);
  return parsed.success ? parsed.data : { wrong: z.prettifyError(parsed.error) };
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(b);
  return Object.keys(a).length === pairs.length && pairs.every(([key, value]) => a[key] === value);
}
