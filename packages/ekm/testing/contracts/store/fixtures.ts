import type { Account, AccountEkm } from "../../../src/accounts/account.js";
import type { AuditEntry } from "../../../src/audit/event.js";
import type { Problem } from "../../../src/errors/outcome.js";
import type { KeyHealth } from "../../../src/health/health.js";
import type { Backup, BackupSource, Job, JobKind, Restore, Verification } from "../../../src/jobs/job.js";
import type { KeyGeneration, KeyWrap } from "../../../src/keys/generation.js";
import type { Page, PageRequest, Store } from "../../../src/ports/store.js";
import type { KeyRotation } from "../../../src/rotation/rotation.js";
import { createSequentialIds } from "../../sequential-ids.js";

const ids = createSequentialIds();

/** Milliseconds matter: a store that keeps seconds is seen. */
export const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes, 0, 123));
export const ARN = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555";
export const OTHER_ARN = "arn:aws:kms:us-east-1:444455556666:key/66666666-7777-4888-8999-000000000000";

export const problem = (code: Problem["code"]): Problem => ({
  code,
  message: "AWS refused the key — “no”.",
  possibleCauses: ["the key policy changed", "the key was deleted"],
  keyArn: ARN,
  awsErrorName: "AccessDeniedException",
  awsRequestId: "req-1",
});

const activation = { activatedAt: at(1), activatedBy: "sup'port", ticket: "T-1", expiresAt: at(90) };
const acceptance = { version: "2026-01", sha256: "ab".repeat(32), acceptedBy: "admin", acceptedAt: at(2) };
const key = { arn: ARN, multiRegion: true, enabledAt: at(3), warnings: ["KEY_POLICY_TOO_WIDE"] };

export const EKM = {
  notActivated: { status: "NOT_ACTIVATED" },
  lapsed: { status: "NOT_ACTIVATED", lapsedAt: at(5) },
  activated: { status: "ACTIVATED", activation },
  activatedForGood: { status: "ACTIVATED", activation: { activatedAt: at(1), activatedBy: "support" } },
  enabled: { status: "ENABLED", activation, acceptance, key },
  rotating: { status: "ROTATING", activation, acceptance, key: { ...key, warnings: [] }, rotationId: "rot_1" },
} as const satisfies Record<string, AccountEkm>;

export const account = (over: Partial<Account> = {}): Account => ({
  id: ids.next("acc"),
  name: "Acme",
  createdAt: at(0),
  ekm: EKM.notActivated,
  keyEpoch: 0,
  version: 0,
  ...over,
});

export const generation = (accountId: string, number: number, over: Partial<KeyGeneration> = {}): KeyGeneration => ({
  accountId,
  generation: number,
  checkValue: "0c".repeat(32),
  createdAt: at(number),
  reservedWraps: 0,
  ...over,
});

export const wrap = (accountId: string, number: number, over: Partial<KeyWrap> = {}): KeyWrap => ({
  id: ids.next("wrp"),
  accountId,
  generation: number,
  keyArn: ARN,
  ciphertext: new Uint8Array([0, 255, number]),
  state: "CURRENT",
  createdAt: at(number),
  ...over,
});

export const health = (accountId: string, over: Partial<KeyHealth> = {}): KeyHealth => ({
  id: ids.next("hlt"),
  accountId,
  keyArn: ARN,
  state: "HEALTHY",
  since: at(3),
  warnings: [],
  checkedAt: at(3),
  ...over,
});

export const source = (accountId: string): BackupSource => ({
  id: ids.next("src"),
  accountId,
  name: "CRM export",
  kind: "SALESFORCE_EXPORT",
  location: "/srv/exports/acme",
  createdAt: at(4),
});

const queued = (accountId: string) => ({
  accountId,
  status: "QUEUED" as const,
  progress: { bytesDone: 0n, itemsDone: 0n },
  createdAt: at(5),
  requestedBy: "operator",
});

export const backup = (from: BackupSource, over: Partial<Backup> = {}): Backup => ({
  id: ids.next("bkp"),
  ...queued(from.accountId),
  sourceId: from.id,
  createdUnder: "CLOUD",
  ...over,
});

export const restore = (of: Backup, over: Partial<Restore> = {}): Restore => ({
  id: ids.next("rst"),
  ...queued(of.accountId),
  backupId: of.id,
  target: "/srv/restores/1",
  overwrite: false,
  bytesReleased: 0n,
  ...over,
});

export const verification = (of: Backup, over: Partial<Verification> = {}): Verification => ({
  id: ids.next("vrf"),
  ...queued(of.accountId),
  backupId: of.id,
  samplePercent: 100,
  ...over,
});

export const rotation = (accountId: string, over: Partial<KeyRotation> = {}): KeyRotation => ({
  id: ids.next("rot"),
  accountId,
  fromArn: ARN,
  toArn: OTHER_ARN,
  toMultiRegion: false,
  toWarnings: [],
  status: "RUNNING",
  rewrapped: 0,
  total: 3,
  startedAt: at(6),
  startedBy: "admin",
  acceptsLoss: false,
  ...over,
});

export const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: "admin",
  action: "KEY_VALIDATED",
  outcome: "DONE",
  detail: "The key passed every check.",
  awsRequestIds: ["req-1", "req-2"],
  ...over,
});

export async function insertAccount(store: Store, over: Partial<Account> = {}): Promise<Account> {
  const made = account(over);
  await store.transaction((tx) => tx.accounts.insert(made));
  return made;
}

/** An account that has a source. */
export async function insertSource(store: Store): Promise<BackupSource> {
  const made = source((await insertAccount(store)).id);
  await store.transaction((tx) => tx.sources.insert(made));
  return made;
}

/** A backup and the job that makes it, in one transaction. */
export async function insertBackup(store: Store, from: BackupSource, over: Partial<Backup> = {}): Promise<Backup> {
  const made = backup(from, over);
  await store.transaction((tx) => tx.backups.insert(made));
  return made;
}

export async function enqueue(
  store: Store,
  accountId: string,
  kind: JobKind,
  minutes: number,
  subjectId = "subject",
): Promise<string> {
  const id = ids.next("job");
  await store.transaction((tx) => tx.jobs.enqueue({ id, kind, accountId, subjectId, at: at(minutes) }));
  return id;
}

export const ALL_KINDS: readonly JobKind[] = ["BACKUP", "RESTORE", "VERIFICATION", "ROTATION", "SUPERSEDE"];
export const LONG_MS = 600_000;

/** `leaseMs` 0: a lease that ends at once. */
export const claim = (store: Store, owner: string, leaseMs = LONG_MS, kinds = ALL_KINDS): Promise<Job | null> =>
  store.transaction((tx) => tx.jobs.claim(owner, kinds, leaseMs));

export async function claimOne(store: Store, owner: string, leaseMs = LONG_MS): Promise<Job> {
  const job = await claim(store, owner, leaseMs);
  if (job === null) throw new Error("there was nothing to claim");
  return job;
}

/** Every item, by pages of `first`. */
export async function walk<T extends { readonly id: string }>(
  first: number,
  page: (request: PageRequest) => Promise<Page<T>>,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  for (let pages = 1, after: string | undefined; ; pages += 1) {
    const { items: more, hasNextPage } = await page({ first, ...(after === undefined ? {} : { after }) });
    items.push(...more);
    if (!hasNextPage) return { items, pages };
    after = more.at(-1)?.id;
  }
}

export const idsOf = (items: readonly { readonly id: string }[]) => items.map((item) => item.id);
