import type { AuditAction, AuditEntry } from "../audit/event.js";
import { healthChanged } from "../health/next-health.js";
import type { Job, JobStatus } from "../jobs/job.js";
import type { Clock } from "../ports/clock.js";
import type { EventRepository } from "../ports/event-store.js";
import type { RotationRepository } from "../ports/rotation-store.js";
import type { CancellableRepository, HealthRepository, Repositories, Store } from "../ports/store.js";
import { enqueueDeliveries } from "../webhooks/enqueue-deliveries.js";
import type { AccountEventKind } from "./event.js";

/** Tells of a change in the transaction that makes it. */
type Tell = (accountId: string, kind: AccountEventKind, subject?: string, progress?: boolean) => Promise<void>;

/**
 * A store whose writes tell listeners and webhooks what changed, in the same transaction: no use case can forget to, and what is rolled
 * back was never told. Everything else is the store's own.
 */
export const recordingStore = (store: Store, clock: Pick<Clock, "now">): Store => ({
  read: store.read,
  transaction: (work) => store.transaction((tx) => work(recording(tx, clock))),
  scrub: () => store.scrub(),
  close: () => store.close(),
});

function recording(tx: Repositories, clock: Pick<Clock, "now">): Repositories {
  const events: EventRepository = {
    ...tx.events,
    async append(event, progress) {
      const appended = await tx.events.append(event, progress);
      if (!progress) await enqueueDeliveries(tx, appended);
      return appended;
    },
  };
  const tell: Tell = async (accountId, kind, subject, progress = false) => {
    await events.append({ accountId, kind, at: clock.now(), ...(subject === undefined ? {} : { subject }) }, progress);
  };
  return {
    ...tx,
    events,
    health: recordingHealth(tx.health, tell),
    backups: { ...tx.backups, ...recordingJobs(tx.backups, "BACKUP_CHANGED", tell) },
    restores: { ...tx.restores, ...recordingJobs(tx.restores, "RESTORE_CHANGED", tell) },
    verifications: { ...tx.verifications, ...recordingJobs(tx.verifications, "VERIFICATION_CHANGED", tell) },
    rotations: recordingRotations(tx.rotations, tell),
    audit: {
      ...tx.audit,
      async append(accountId, at, entry) {
        const event = await tx.audit.append(accountId, at, entry);
        const kind = lifecycleKind(entry);
        if (kind !== undefined) await tell(accountId, kind);
        return event;
      },
    },
  };
}

const LIFECYCLE = {
  EKM_ACTIVATED: "EKM_ACTIVATED",
  EKM_ACTIVATION_WITHDRAWN: "EKM_ACTIVATION_WITHDRAWN",
  EKM_ACTIVATION_LAPSED: "EKM_ACTIVATION_LAPSED",
  EKM_ENABLED: "EKM_ENABLED",
  KEYS_LOCKED: "KEYS_LOCKED",
  KEYS_UNLOCKED: "KEYS_UNLOCKED",
} as const satisfies Partial<Record<AuditAction, AccountEventKind>>;

/** A change of the account itself has no row of its own to watch, but always an audit entry. */
const lifecycleKind = ({ action, outcome }: AuditEntry): AccountEventKind | undefined =>
  outcome === "DONE" && action in LIFECYCLE ? LIFECYCLE[action as keyof typeof LIFECYCLE] : undefined;

const recordingHealth = (health: HealthRepository, tell: Tell): HealthRepository => ({
  ...health,
  async put(after) {
    const before = await health.current(after.accountId);
    await health.put(after);
    const changed = healthChanged(before, after);
    if (changed) await tell(after.accountId, "KEY_HEALTH_CHANGED");
    if (after.problem?.code !== "KEY_PENDING_DELETION") return;
    // The call that is refused does not say when AWS will delete the key; a probe that asks later does.
    if (changed || after.deletionDate?.getTime() !== before?.deletionDate?.getTime()) {
      await tell(after.accountId, "KEY_PENDING_DELETION");
    }
  },
});

interface JobRow {
  readonly id: string;
  readonly accountId: string;
  readonly status: JobStatus;
  readonly progress: { readonly bytesDone: bigint };
}
interface JobRepository<R extends JobRow> extends CancellableRepository {
  byId(id: string): Promise<R | null>;
  insert(row: R): Promise<void>;
  saveFenced(row: R, job: Job): Promise<boolean>;
}

function recordingJobs<R extends JobRow>(
  jobs: JobRepository<R>,
  kind: AccountEventKind,
  tell: Tell,
): Omit<JobRepository<R>, "byId"> {
  const tellOf = async (id: string): Promise<void> => {
    const row = await jobs.byId(id);
    if (row !== null) await tell(row.accountId, kind, id);
  };
  return {
    async insert(row) {
      await jobs.insert(row);
      await tell(row.accountId, kind, row.id);
    },
    async saveFenced(row, job) {
      const saved = await jobs.saveFenced(row, job);
      if (saved) await tell(row.accountId, kind, row.id, row.status === "RUNNING" && row.progress.bytesDone > 0n);
      return saved;
    },
    async requestCancel(id, at) {
      await jobs.requestCancel(id, at);
      await tellOf(id);
    },
    async cancelQueued(id, at) {
      const cancelled = await jobs.cancelQueued(id, at);
      if (cancelled) await tellOf(id);
      return cancelled;
    },
  };
}

const recordingRotations = (rotations: RotationRepository, tell: Tell): RotationRepository => ({
  ...rotations,
  async insert(rotation) {
    await rotations.insert(rotation);
    await tell(rotation.accountId, "ROTATION_CHANGED", rotation.id);
  },
  async save(rotation, expected) {
    const saved = await rotations.save(rotation, expected);
    if (saved) await tell(rotation.accountId, "ROTATION_CHANGED", rotation.id);
    return saved;
  },
  async saveFenced(rotation, expected, job) {
    const saved = await rotations.saveFenced(rotation, expected, job);
    if (saved) await tell(rotation.accountId, "ROTATION_CHANGED", rotation.id, rotation.status === expected);
    return saved;
  },
});
