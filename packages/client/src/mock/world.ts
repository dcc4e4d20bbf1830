import type {
  AuditEventDetailsFragment,
  BackupDetailsFragment,
  BackupSourceDetailsFragment,
  GenerationFailureDetailsFragment,
  KeyHealthDetailsFragment,
  KeyRotationDetailsFragment,
  RestoreDetailsFragment,
  VerificationDetailsFragment,
  WebhookDeliveryDetailsFragment,
  WebhookDetailsFragment,
} from "../generated/operations.js";
import type {
  KnownAccountEventKind,
  KnownAuditAction,
  KnownErrorCode,
  KnownKeyHealthState,
  KnownRole,
} from "../generated/vocabulary.js";
import { problem } from "./problems.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Typed<Name extends string, T> = Mutable<T> & { readonly __typename: Name };

export type SourceRecord = Typed<"BackupSource", BackupSourceDetailsFragment>;
export type BackupRecord = Typed<"Backup", BackupDetailsFragment>;
/** The backup is the record itself, so that it shows what became of it. */
export type RestoreRecord = Typed<"Restore", Omit<RestoreDetailsFragment, "backup">> & { readonly backup: BackupRecord };
export type VerificationRecord = Typed<"Verification", Omit<VerificationDetailsFragment, "backup">> & {
  readonly backup: BackupRecord;
};
export type RotationRecord = Typed<"KeyRotation", KeyRotationDetailsFragment>;
export type AuditRecord = Typed<"AuditEvent", AuditEventDetailsFragment>;
export type WebhookRecord = Typed<"Webhook", WebhookDetailsFragment> & { readonly deliveries: WebhookDeliveryRecord[] };
export type WebhookDeliveryRecord = Typed<"WebhookDelivery", WebhookDeliveryDetailsFragment>;
export type KeyHealthRecord = KeyHealthDetailsFragment;
export type JobRecord = BackupRecord | RestoreRecord | VerificationRecord;

export interface CustomerKeyRecord {
  readonly arn: string;
  readonly enabledAt: string;
}

/** Lists are newest first, as the API answers them. */
export interface AccountRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  keyLock: { readonly lockedAt: string; readonly lockedBy: string; readonly reason: string } | null;
  activation: {
    readonly activatedAt: string;
    readonly activatedBy: string;
    readonly activationExpiresAt: string | null;
    readonly activationTicket: string | null;
  } | null;
  lapsed: boolean;
  acceptance: {
    readonly version: string;
    readonly sha256: string;
    readonly acceptedAt: string;
    readonly acceptedBy: string;
  } | null;
  key: CustomerKeyRecord | null;
  /** Generations that enabling went on without. */
  leftBehind: readonly GenerationFailureDetailsFragment[];
  readonly health: KeyHealthRecord[];
  readonly rotations: RotationRecord[];
  readonly sources: SourceRecord[];
  readonly backups: BackupRecord[];
  readonly restores: RestoreRecord[];
  readonly verifications: VerificationRecord[];
  readonly audit: AuditRecord[];
  readonly webhooks: WebhookRecord[];
}

export interface EventRecord {
  readonly id: string;
  readonly sequence: number;
  readonly at: string;
  readonly kind: KnownAccountEventKind;
  readonly accountId: string;
  readonly subject?: JobRecord | RotationRecord;
}

/** All that a mock gateway knows. */
export interface World {
  readonly caller: { subject: string; roles: readonly KnownRole[]; accountId: string | null };
  readonly accounts: AccountRecord[];
  readonly events: EventRecord[];
  /** What every mutation answers, if anything. */
  refusal: KnownErrorCode | null;
  /** What goes on by itself; each does one step and says whether it is over. */
  readonly works: Set<() => boolean>;
  /** `ago`: seconds before now. */
  time(ago?: number): string;
  id(prefix: string): string;
  /** Tells those who listen. */
  emit(account: AccountRecord, kind: KnownAccountEventKind, subject?: EventRecord["subject"]): void;
  /** The account that an operation means: the one named, or the caller's. */
  account(id?: string | null): AccountRecord | null;
}

export const OWN_ACCOUNT_ID = "acc_01KJNHM5R0MKCACC0VNT000001";

export interface WorldOptions {
  readonly now: () => Date;
  readonly onEvent: () => void;
  /** Goes on with the events of another world, so that listeners do not notice. */
  readonly events?: readonly EventRecord[];
}

export function createWorld({ now, onEvent, events = [] }: WorldOptions): World {
  let ids = 0;
  const world: World = {
    caller: { subject: "ada@example.com", roles: ["ACCOUNT_ADMIN"], accountId: OWN_ACCOUNT_ID },
    accounts: [],
    events: [...events],
    refusal: null,
    works: new Set(),
    time: (ago = 0) => new Date(now().getTime() - ago * 1000).toISOString(),
    id: (prefix) => {
      ids += 1;
      return `${prefix}_01KJNHM5R0MKC${String(ids).padStart(13, "0")}`;
    },
    emit(account, kind, subject) {
      const sequence = world.events.length + 1;
      const id = `evt_${account.id.slice("acc_".length)}_${sequence}`;
      const event = { id, sequence, at: world.time(), kind, accountId: account.id, ...(subject && { subject }) };
      world.events.push(event);
      onEvent();
    },
    account: (id) => world.accounts.find((account) => account.id === (id ?? world.caller.accountId)) ?? null,
  };
  return world;
}

export function createAccount(world: World, name: string, id = world.id("acc")): AccountRecord {
  const account: AccountRecord = {
    id,
    name,
    createdAt: world.time(90 * DAY),
    keyLock: null,
    activation: null,
    lapsed: false,
    acceptance: null,
    key: null,
    leftBehind: [],
    health: [],
    rotations: [],
    sources: [],
    backups: [],
    restores: [],
    verifications: [],
    audit: [],
    webhooks: [],
  };
  world.accounts.push(account);
  return account;
}

export const DAY = 24 * 3600;

/** The state of the customer's key from now on, `ago` seconds ago. */
export function observe(
  world: World,
  account: AccountRecord,
  state: KnownKeyHealthState,
  { code, ago = 0, deletionDate = null, warnings = [] }: Observation = {},
): KeyHealthRecord {
  const [previous] = account.health;
  const at = world.time(ago);
  const arn = account.key?.arn ?? null;
  const health: KeyHealthRecord = {
    state,
    since: previous?.state === state ? previous.since : at,
    checkedAt: at,
    lastUsableAt: state === "HEALTHY" ? at : (previous?.lastUsableAt ?? null),
    deletionDate,
    problem: code === undefined ? null : problem(code, arn),
    warnings: warnings.map((warning) => problem(warning, arn)),
  };
  if (previous?.state === state && previous.problem?.code === code) account.health.shift();
  account.health.unshift(health);
  return health;
}

interface Observation {
  readonly code?: KnownErrorCode;
  readonly ago?: number;
  readonly deletionDate?: string | null;
  readonly warnings?: readonly KnownErrorCode[];
}

export function note(
  world: World,
  account: AccountRecord,
  action: KnownAuditAction,
  detail: string,
  { ago = 0, outcome = "DONE", subject = null }: Partial<Pick<AuditRecord, "outcome" | "subject">> & { ago?: number } = {},
): void {
  const sequence = account.audit.length + 1;
  const hashOf = (n: number) => n.toString(16).padStart(64, "0");
  account.audit.unshift({
    __typename: "AuditEvent",
    id: world.id("aud"),
    sequence: String(sequence),
    at: world.time(ago),
    actor: world.caller.subject,
    action,
    outcome,
    subject,
    detail,
    awsRequestIds: [],
    hash: hashOf(sequence),
    previousHash: hashOf(sequence - 1),
  });
}
