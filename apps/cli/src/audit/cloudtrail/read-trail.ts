import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";

/** A file is not what it must be; the message says which and why. */
export class UnreadableFile extends Error {}

/** What matters here of a CloudTrail record of AWS KMS. */
export interface TrailRecord {
  readonly requestId: string;
  readonly at: Date;
  readonly operation: string;
  readonly region: string;
  /** In whose trail it stands; null: the record does not say. */
  readonly recipient: string | null;
  readonly callerAccountId: string | null;
  /** Null in the key owner's trail: it is told the caller's account only. */
  readonly callerArn: string | null;
  readonly errorCode: string | null;
  readonly keyArns: readonly string[];
  /** One, or for ReEncrypt those of its source and its destination. Empty: none was sent. */
  readonly contexts: readonly Readonly<Record<string, string>>[];
}

const context = z.record(z.string(), z.string());
const LogRecord = z.object({
  eventSource: z.string(),
  eventName: z.string(),
  eventTime: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  awsRegion: z.string(),
  requestID: z.string().nullish(),
  recipientAccountId: z.string().nullish(),
  errorCode: z.string().nullish(),
  userIdentity: z.object({ accountId: z.string().nullish(), arn: z.string().nullish() }).nullish(),
  requestParameters: z
    .object({
      encryptionContext: context.nullish(),
      sourceEncryptionContext: context.nullish(),
      destinationEncryptionContext: context.nullish(),
      keyId: z.string().nullish(),
    })
    .nullish(),
  resources: z.array(z.object({ ARN: z.string().nullish() })).nullish(),
});
const LogFile = z.object({ Records: z.array(z.unknown()) });

const unzip = promisify(gunzip);
const MAX_BYTES = 512 * 1024 * 1024;

/** The KMS records of a CloudTrail log file, or of all (`.json`, `.json.gz`) below a directory. Throws UnreadableFile, and as the file system does. */
export async function* readTrail(location: string): AsyncGenerator<TrailRecord> {
  for (const file of await filesAt(location)) {
    const parsed = LogFile.safeParse(await jsonOf(file));
    if (!parsed.success) throw new UnreadableFile(`${file} is not a CloudTrail log file: {"Records": [...]}`);
    for (const [n, value] of parsed.data.Records.entries()) {
      const record = LogRecord.safeParse(value);
      if (!record.success) {
        if (isOfKms(value)) throw new UnreadableFile(`${file}: record ${n + 1} is not of CloudTrail's form`);
        continue;
      }
      if (record.data.eventSource === "kms.amazonaws.com") yield toTrailRecord(record.data);
    }
  }
}

async function filesAt(location: string): Promise<readonly string[]> {
  if (!(await stat(location)).isDirectory()) return [location];
  const names = await readdir(location, { recursive: true });
  return names
    .filter((name) => /\.json(\.gz)?$/.test(name))
    .sort()
    .map((name) => path.join(location, name));
}

async function jsonOf(file: string): Promise<unknown> {
  const bytes = await readFile(file);
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return JSON.parse((zipped ? await unzip(bytes, { maxOutputLength: MAX_BYTES }) : bytes).toString("utf8"));
  } catch {
    throw new UnreadableFile(`${file} is neither JSON nor gzipped JSON`);
  }
}

const isOfKms = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as { eventSource?: unknown }).eventSource === "kms.amazonaws.com";

function toTrailRecord({ requestParameters, resources, userIdentity, ...record }: z.infer<typeof LogRecord>): TrailRecord {
  const { encryptionContext, sourceEncryptionContext, destinationEncryptionContext, keyId } = requestParameters ?? {};
  const arns = (resources ?? []).flatMap(({ ARN }) => ARN ?? []);
  return {
    requestId: record.requestID ?? "",
    at: new Date(record.eventTime),
    operation: record.eventName,
    region: record.awsRegion,
    recipient: record.recipientAccountId ?? null,
    callerAccountId: userIdentity?.accountId ?? null,
    callerArn: userIdentity?.arn ?? null,
    errorCode: record.errorCode ?? null,
    keyArns: arns.length === 0 && keyId?.startsWith("arn:") ? [keyId] : arns,
    contexts: [encryptionContext, sourceEncryptionContext, destinationEncryptionContext].flatMap((sent) => (sent ? [sent] : [])),
  };
}
