import type { JobStatus } from "../generated/operations.js";
import {
  type KnownErrorCode,
  type KnownJobStatus,
  type KnownKeyManagement,
  type KnownWebhookDeliveryState,
  webhookEventKinds,
} from "../generated/vocabulary.js";
import { problem } from "./problems.js";
import {
  type AccountRecord,
  type BackupRecord,
  DAY,
  note,
  observe,
  type RestoreRecord,
  type RotationRecord,
  type SourceRecord,
  type VerificationRecord,
  type WebhookDeliveryRecord,
  type WebhookRecord,
  type World,
} from "./world.js";

export const KEY_ARN = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
export const NEXT_KEY_ARN = "arn:aws:kms:eu-west-1:444455556666:key/9876fedc-98fe-76dc-54ba-0987654321fe";
export const TERMS = {
  version: "2026-01",
  title: "Terms of Enterprise Key Management (sample)",
  body: "Sample terms of the mock.\n\nEnabling cannot be undone. While your key cannot be used, backups and restores fail.\n",
  sha256: "b08c5fbb782ddbeb967a5e1ed64ae732f37fc0f6bd537f722b33a2b0216b672f",
  publishedAt: "2026-01-01T00:00:00.000Z",
} as const;

const ITEMS = 240;
const BYTES = 48 * 2 ** 20;
const DIGEST = "5f2c9a1e".repeat(8);

/** How far a job of each status has come. */
const DONE_PART: Record<KnownJobStatus, number> = { QUEUED: 0, RUNNING: 0.4, SUCCEEDED: 1, FAILED: 0.6, CANCELLED: 0.2 };

export const progressOf = (part: number) => ({
  itemsDone: String(Math.floor(ITEMS * part)),
  itemsTotal: part === 0 ? null : String(ITEMS),
  bytesDone: String(Math.floor(BYTES * part)),
  bytesTotal: part === 0 ? null : String(BYTES),
});

const hasStarted = (status: JobStatus) => status !== "QUEUED";
const hasEnded = (status: JobStatus) => hasStarted(status) && status !== "RUNNING";

const timesOf = (world: World, status: KnownJobStatus, ago: number) => ({
  startedAt: hasStarted(status) ? world.time(ago) : null,
  finishedAt: hasEnded(status) ? world.time(Math.max(ago - 120, 0)) : null,
});

export interface JobWish {
  readonly status: KnownJobStatus;
  readonly code?: KnownErrorCode;
  readonly ago?: number;
}

export const protectionOf = ({ key }: AccountRecord): KnownKeyManagement => (key === null ? "CLOUD" : "ENTERPRISE");

export function addSource(world: World, account: AccountRecord, name = "CRM"): SourceRecord {
  const source: SourceRecord = {
    __typename: "BackupSource",
    id: world.id("src"),
    name,
    kind: name === "CRM" ? "SALESFORCE_EXPORT" : "DIRECTORY",
    location: `/srv/${account.id}/${name.toLowerCase().replaceAll(" ", "-")}`,
  };
  account.sources.unshift(source);
  return source;
}

export function addBackup(world: World, account: AccountRecord, source: SourceRecord, { status, code, ago = 3600 }: JobWish) {
  const done = status === "SUCCEEDED";
  const backup: BackupRecord = {
    __typename: "Backup",
    id: world.id("bkp"),
    status,
    source,
    ...timesOf(world, status, ago),
    lastSealedAt: hasStarted(status) ? world.time(Math.max(ago - 119, 0)) : null,
    progress: progressOf(DONE_PART[status]),
    items: done ? String(ITEMS) : null,
    bytes: done ? String(BYTES) : null,
    contentDigest: done ? DIGEST : null,
    createdUnder: protectionOf(account),
    protectedBy: protectionOf(account),
    keyArn: account.key?.arn ?? null,
    restorable: done,
    problem: code === undefined ? null : problem(code, account.key?.arn ?? null),
  };
  account.backups.unshift(backup);
  return backup;
}

export function addRestore(world: World, account: AccountRecord, backup: BackupRecord, { status, code, ago = 1800 }: JobWish) {
  const id = world.id("rst");
  const progress = progressOf(DONE_PART[status]);
  const restore: RestoreRecord = {
    __typename: "Restore",
    id,
    status,
    target: `/srv/${account.id}/restores/${id}`,
    ...timesOf(world, status, ago),
    progress,
    bytesReleased: progress.bytesDone,
    lastByteReleasedAt: hasStarted(status) ? world.time(Math.max(ago - 119, 0)) : null,
    contentDigest: status === "SUCCEEDED" ? DIGEST : null,
    problem: code === undefined ? null : problem(code, account.key?.arn ?? null),
    backup,
  };
  account.restores.unshift(restore);
  return restore;
}

export function addVerification(
  world: World,
  account: AccountRecord,
  backup: BackupRecord,
  { status, code, ago = 900 }: JobWish,
) {
  const verification: VerificationRecord = {
    __typename: "Verification",
    id: world.id("vrf"),
    status,
    ...timesOf(world, status, ago),
    progress: progressOf(DONE_PART[status]),
    problem: code === undefined ? null : problem(code, account.key?.arn ?? null),
    backup,
  };
  account.verifications.unshift(verification);
  return verification;
}

export function addRotation(
  world: World,
  account: AccountRecord,
  rotation: Partial<RotationRecord> & Pick<RotationRecord, "status">,
): RotationRecord {
  const record: RotationRecord = {
    __typename: "KeyRotation",
    id: world.id("rot"),
    fromArn: account.key?.arn ?? KEY_ARN,
    toArn: NEXT_KEY_ARN,
    rewrapped: 0,
    total: 5,
    cancellable: rotation.status === "RUNNING" || rotation.status === "PAUSED",
    startedAt: world.time(600),
    pausedAt: null,
    finishedAt: null,
    problem: null,
    failures: [],
    retirement: null,
    ...rotation,
  };
  account.rotations.unshift(record);
  return record;
}

/** The new key is the current one, and the proof for the old one is there. */
export function completeRotation(world: World, account: AccountRecord, rotation: RotationRecord): void {
  const at = world.time();
  rotation.status = "COMPLETED";
  rotation.rewrapped = rotation.total;
  rotation.cancellable = false;
  rotation.finishedAt = at;
  rotation.problem = null;
  rotation.retirement = {
    safeToRetireAfter: world.time(-35 * DAY),
    generationsCounted: rotation.total,
    backupsCovered: String(account.backups.length),
    signedAt: at,
    keyId: "mock-signing-key",
    jws: "eyJhbGciOiJFZERTQSIsImtpZCI6Im1vY2stc2lnbmluZy1rZXkifQ.eyJtb2NrIjp0cnVlfQ.bW9jaw",
  };
  account.key = { arn: rotation.toArn, enabledAt: account.key?.enabledAt ?? at };
  for (const backup of account.backups) backup.keyArn = rotation.toArn;
  observe(world, account, "HEALTHY");
}

export function activate(
  world: World,
  account: AccountRecord,
  expiresInDays: number | null = 30,
  ticket: string | null = null,
): void {
  account.activation = {
    activationTicket: ticket ?? account.activation?.activationTicket ?? null,
    activatedAt: account.activation?.activatedAt ?? world.time(2 * DAY),
    activatedBy: account.activation?.activatedBy ?? "support@example.com",
    activationExpiresAt: expiresInDays === null ? null : world.time(-expiresInDays * DAY),
  };
  note(world, account, "EKM_ACTIVATED", "Enterprise Key Management was activated.", { ago: 2 * DAY });
}

export function enable(world: World, account: AccountRecord, keyArn = KEY_ARN, ago = DAY): void {
  if (account.activation === null) activate(world, account);
  const at = world.time(ago);
  account.key = { arn: keyArn, enabledAt: at };
  account.acceptance = { version: TERMS.version, sha256: TERMS.sha256, acceptedAt: at, acceptedBy: world.caller.subject };
  for (const backup of account.backups) Object.assign(backup, { protectedBy: "ENTERPRISE", keyArn });
  observe(world, account, "HEALTHY", { ago: Math.min(ago, 20) });
  note(world, account, "TERMS_ACCEPTED", `The terms ${TERMS.version} were accepted.`, { ago });
  note(world, account, "EKM_ENABLED", `Enterprise Key Management was enabled with ${keyArn}.`, { ago, subject: keyArn });
}

export function addWebhook(world: World, account: AccountRecord, webhook: Partial<WebhookRecord> = {}): WebhookRecord {
  const record: WebhookRecord = {
    __typename: "Webhook",
    id: world.id("whk"),
    url: "https://hooks.example.com/ekm",
    description: "Pager",
    kinds: [...webhookEventKinds],
    enabled: true,
    state: "ACTIVE",
    disabledReason: null,
    failingSince: null,
    createdAt: world.time(10 * DAY),
    secretCreatedAt: world.time(10 * DAY),
    formerSecretValidUntil: null,
    deliveries: [],
    ...webhook,
  };
  account.webhooks.unshift(record);
  return record;
}

export function addDelivery(
  world: World,
  webhook: WebhookRecord,
  state: KnownWebhookDeliveryState,
  type = "ekm.key_health.changed",
) {
  const createdAt = world.time(state === "PENDING" ? 0 : 3600);
  const answered = { at: createdAt, durationMs: 120 };
  const failed = { ...answered, statusCode: 503, error: "The receiver answered 503." };
  const delivery: WebhookDeliveryRecord = {
    __typename: "WebhookDelivery",
    id: world.id("whd"),
    messageId: world.id("msg"),
    type,
    body: JSON.stringify({ type, timestamp: createdAt, data: {} }),
    state,
    createdAt,
    finishedAt: state === "PENDING" ? null : world.time(3599),
    nextAttemptAt: state === "PENDING" ? world.time(-5) : null,
    attempts: state === "PENDING" ? [] : [state === "FAILED" ? failed : { ...answered, statusCode: 204, error: null }],
  };
  webhook.deliveries.unshift(delivery);
  return delivery;
}
