import type { Account } from "../accounts/account.js";
import { ERROR_CATALOG } from "../errors/catalog.js";
import type { Problem } from "../errors/outcome.js";
import { type AccountEvent, eventId } from "../events/event.js";
import type { KeyHealth } from "../health/health.js";
import { findJob } from "../jobs/find-job.js";
import type { Repositories } from "../ports/store.js";
import type { KeyRotation } from "../rotation/rotation.js";
import { WEBHOOK_EVENT_TYPES, type WebhookEventKind } from "./event-kinds.js";

/** What the webhooks of an account are sent for one event. */
export interface ComposedMessage {
  readonly kind: WebhookEventKind;
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/** JSON values, numbers that may pass 2^53 as decimal strings as in the API. What is undefined is left out. */
type Data = Readonly<Record<string, unknown>>;

/**
 * The message of an event, read in the event's own transaction: it holds the state of that moment, whatever comes after. Null: no
 * webhook is told of it (jobs are told of when they fail). Words come from the error catalogue alone: no path, file name or
 * text of a user or of AWS gets in.
 */
export async function composeMessage(tx: Repositories, event: AccountEvent): Promise<ComposedMessage | null> {
  const told = await tellOf(tx, event);
  if (told === null) return null;
  const type = WEBHOOK_EVENT_TYPES[told.kind];
  const id = eventId(event);
  return { kind: told.kind, id, type, body: bodyOf(type, event.at, { accountId: event.accountId, eventId: id, ...told.data }) };
}

export const bodyOf = (type: string, at: Date, data: Data): string => JSON.stringify({ type, timestamp: at.toISOString(), data });

interface Told {
  readonly kind: WebhookEventKind;
  readonly data: Data;
}

async function tellOf(tx: Repositories, { accountId, kind, subject, at }: AccountEvent): Promise<Told | null> {
  switch (kind) {
    case "KEY_HEALTH_CHANGED": {
      const health = await tx.health.current(accountId);
      return health && { kind, data: healthData(health) };
    }
    case "KEY_PENDING_DELETION": {
      const health = await tx.health.current(accountId);
      return health && { kind, data: { ...deletionData(health, at), atRisk: await atRisk(tx, accountId) } };
    }
    case "ROTATION_CHANGED": {
      const rotation = subject === undefined ? null : await tx.rotations.byId(subject);
      return rotation && { kind, data: rotationData(rotation) };
    }
    case "BACKUP_CHANGED":
    case "RESTORE_CHANGED":
    case "VERIFICATION_CHANGED":
      return subject === undefined ? null : failedJob(tx, subject);
    default: {
      const account = await tx.accounts.byId(accountId);
      return account && { kind, data: lifecycleData(account) };
    }
  }
}

const healthData = ({ keyArn, state, since, problem, checkedAt, lastUsableAt, deletionDate }: KeyHealth): Data => ({
  keyArn,
  state,
  since,
  checkedAt,
  lastUsableAt,
  deletionDate,
  problem: problem && problemData(problem),
});

const HOUR_MS = 3600 * 1000;

function deletionData({ keyArn, deletionDate, problem }: KeyHealth, at: Date): Data {
  const left = deletionDate === undefined ? undefined : Math.max(0, deletionDate.getTime() - at.getTime());
  return {
    keyArn,
    deletionDate,
    daysLeft: left === undefined ? undefined : Math.floor(left / (24 * HOUR_MS)),
    hoursLeft: left === undefined ? undefined : Math.floor(left / HOUR_MS),
    problem: problem && problemData(problem),
  };
}

/** What nobody can read any more once the key is deleted. */
async function atRisk(tx: Repositories, accountId: string): Promise<Data> {
  const { backups, bytes, generations } = await tx.backups.impact(accountId);
  return { backups: String(backups), bytes: String(bytes), generations };
}

const rotationData = (rotation: KeyRotation): Data => ({
  rotationId: rotation.id,
  status: rotation.status,
  pausedBy: rotation.pausedBy,
  fromArn: rotation.fromArn,
  toArn: rotation.toArn,
  rewrapped: rotation.rewrapped,
  total: rotation.total,
  safeToRetireAfter: rotation.retirement?.safeToRetireAfter,
  problem: rotation.problem && problemData(rotation.problem),
});

async function failedJob(tx: Repositories, id: string): Promise<Told | null> {
  const job = await findJob(tx, id);
  if (job === null || job.value.status !== "FAILED") return null;
  const { startedAt, finishedAt, problem } = job.value;
  const common = { startedAt, finishedAt, problem: problem && problemData(problem) };
  switch (job.kind) {
    case "backup":
      return { kind: "BACKUP_FAILED", data: { backupId: id, sourceId: job.value.sourceId, ...common } };
    case "restore":
      return { kind: "RESTORE_FAILED", data: { restoreId: id, backupId: job.value.backupId, ...common } };
    case "verification":
      return { kind: "VERIFICATION_FAILED", data: { verificationId: id, backupId: job.value.backupId, ...common } };
  }
}

const lifecycleData = ({ ekm, keyLock }: Account): Data => ({
  status: ekm.status,
  activationExpiresAt: ekm.status === "ACTIVATED" ? ekm.activation.expiresAt : undefined,
  keyArn: "key" in ekm ? ekm.key.arn : undefined,
  keysLocked: keyLock !== undefined,
});

const problemData = ({ code, keyArn }: Problem): Data => {
  const { meaning, remedy, retryable } = ERROR_CATALOG[code];
  return { code, message: meaning, remedy, retryable, keyArn };
};
