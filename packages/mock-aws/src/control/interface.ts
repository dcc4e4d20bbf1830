import type { FaultRule } from "@ekm/faults";

export const ACCOUNT_STATUSES = ["ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** What a key of a suspended or closed owner answers to others; AWS documents nothing, so it is a choice. */
export const SUSPENSION_PROFILES = ["cross-account-denied", "invalid-state", "not-found"] as const;
export type SuspensionProfile = (typeof SUSPENSION_PROFILES)[number];

export const KEY_STATES = [
  "Enabled",
  "Disabled",
  "PendingDeletion",
  "PendingReplicaDeletion",
  "PendingImport",
  "Unavailable",
  "Creating",
  "Updating",
  "Deleted",
] as const;
export type KeyState = (typeof KEY_STATES)[number];

export const PENDING_DELETION_ERRORS = ["KMSInvalidState", "Disabled"] as const;
export type PendingDeletionError = (typeof PENDING_DELETION_ERRORS)[number];

/** How the external key behind a key in an external key store answers. The key's state stays Enabled throughout. */
export const EXTERNAL_KEY_CONDITIONS = ["ok", "slow", "disabled", "not-found", "denied", "unreachable"] as const;
export type ExternalKeyCondition = (typeof EXTERNAL_KEY_CONDITIONS)[number];

/** `effectiveAt`: the wall-clock moment (ISO 8601, milliseconds) from which callers see the change. */
export interface Effective {
  readonly effectiveAt: string;
}

export interface Principal {
  readonly principalArn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An AWS account with the credentials of its first principal, or of the one just created; `principals` has them all. */
export interface AccountView extends Principal {
  /** 12 digits. */
  readonly id: string;
  readonly name: string;
  readonly status: AccountStatus;
  readonly profile: SuspensionProfile;
  /** aws:PrincipalOrgID of its principals; null: it is in no organisation. */
  readonly organizationId: string | null;
  readonly principals: readonly Principal[];
}

export interface AccountChange {
  /** `o-` and 10 to 32 letters and digits; null takes it out of its organisation. */
  readonly organizationId: string | null;
}

/** A policy document, as an object or as JSON text. */
export type PolicyDocument = string | Readonly<Record<string, unknown>>;

/** What is not named stays as it is. */
export interface PrincipalChange {
  /** Identity policies; null (as at the start): it may do everything, as far as key policies let it. */
  readonly policies?: readonly PolicyDocument[] | null | undefined;
  /** Who may assume the role; null (as at the start): the principals of its own account. */
  readonly trustPolicy?: PolicyDocument | null | undefined;
  /** aws:PrincipalTag */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * From now on its calls come through this service of AWS, as when a bucket's objects are sealed with a key: kms:ViaService, here
   * `s3.us-east-1.amazonaws.com`. null (as at the start): it calls KMS itself.
   */
  readonly viaService?: string | null | undefined;
}

export interface PrincipalView extends Principal {
  readonly policies: readonly string[] | null;
  readonly trustPolicy: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly viaService: string | null;
}

/** Requests a second by name of the quota: `Cryptographic`, `DescribeKey`, ... per calling account and Region. */
export interface QuotaSettings {
  readonly enabled: boolean;
  readonly perSecond: Readonly<Record<string, number>>;
}

export interface NewQuotaSettings {
  /** Default true. */
  readonly enabled?: boolean | undefined;
  /** Those that are not named are AWS's. */
  readonly perSecond?: Readonly<Record<string, number>> | undefined;
}

/** How long after CreateGrant a grant counts only for those who bring its token. */
export interface GrantSettings {
  readonly visibleAfterMs: number;
}

/**
 * `principal`: `user/NAME` (default `user/admin`) or `role/NAME`; a role calls as arn:aws:sts::ID:assumed-role/NAME/session.
 * An id that exists gets one more principal, or answers the principal that it has.
 */
export interface NewAccount {
  readonly id?: string | undefined;
  readonly name: string;
  readonly principal?: string | undefined;
}

export interface NewAccountStatus {
  readonly status: AccountStatus;
  readonly profile?: SuspensionProfile | undefined;
}

/** A key as its owner sees it: `state` and `policy` are the latest, also while callers still see what was before. */
export interface KeyView {
  readonly arn: string;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly state: KeyState;
  /** What callers see now. */
  readonly visibleState: KeyState;
  readonly policy: string;
  readonly description: string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly origin: string;
  readonly multiRegion: boolean;
  readonly pendingDeletionError: PendingDeletionError;
  readonly externalKey: ExternalKeyCondition;
  /** ISO 8601, on AWS's simulated clock. */
  readonly createdAt: string;
  readonly deletionDate: string | null;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** At least one field. `visibleAfterMs`: callers see the change this much later, in whichever direction it goes. */
export interface NewKeyState {
  readonly state?: KeyState | undefined;
  readonly visibleAfterMs?: number | undefined;
  readonly pendingDeletionError?: PendingDeletionError | undefined;
  readonly externalKey?: ExternalKeyCondition | undefined;
}

export interface Health {
  readonly status: "ok";
  /** `embedded`, or LocalStack's URL. */
  readonly upstream: string;
  readonly accounts: number;
  readonly keys: number;
}

/** `now`: AWS's simulated time; `offsetMs`: how far it is ahead of the real clock. */
export interface ClockView {
  readonly now: string;
  readonly offsetMs: number;
}

/** Exactly one: move on by so much, or stand at a moment (ISO 8601) or an offset. It never moves back, but for a reset. */
export type ClockMove = { readonly advanceMs: number } | { readonly now: string } | { readonly offsetMs: number };

/** LocalStack's network effects: `latency` milliseconds before every AWS call. */
export interface NetworkEffects {
  readonly latency?: number | undefined;
}

interface EventBase {
  /** Grows by one per event, over resets too. */
  readonly seq: number;
  /** Wall clock, ISO 8601 with milliseconds; for a call, when its answer was ready. */
  readonly at: string;
}

/** One AWS call that was answered, or that a fault left without an answer. */
export interface CallEvent extends EventBase {
  readonly kind: "call";
  readonly requestId: string;
  readonly service: "kms" | "sts";
  readonly operation: string;
  readonly region: string | null;
  readonly callerAccountId: string | null;
  readonly callerArn: string | null;
  /** The key that the call used (for ReEncrypt the source), once it is known. */
  readonly keyArn: string | null;
  readonly ownerAccountId: string | null;
  readonly encryptionContext: Readonly<Record<string, string>> | null;
  /** `ok`, an AWS error code, or what a fault did to the connection: `reset`, `black-hole`, `truncate`, `html`. */
  readonly outcome: string;
  /** HTTP status; null where nothing was answered. */
  readonly status: number | null;
  readonly rule: FaultRule | null;
  readonly durationMs: number;
}

/** Something changed in the simulated AWS, through whichever door. */
export interface ChangeEvent extends EventBase, Effective {
  readonly kind: "change";
  readonly subject: "account" | "key" | "faults" | "effects" | "clock" | "simulator";
  /** The account's id, the key's ARN, or null. */
  readonly id: string | null;
  /** The AWS operation or the control call: `DisableKey`, `PutKeyPolicy`, `set-state`, `set-status`, `replace`, ... */
  readonly change: string;
  /** The new state, where there is one. */
  readonly state: string | null;
}

export type SimulatorEvent = CallEvent | ChangeEvent;

/** The control interface: in process as `MockAws.simulator`, over HTTP by `createSimulatorClient`. */
export interface SimulatorControl {
  health(): Promise<Health>;
  readonly accounts: {
    list(): Promise<AccountView[]>;
    create(account: NewAccount): Promise<AccountView>;
    setStatus(id: string, status: NewAccountStatus): Promise<AccountView & Effective>;
    update(id: string, change: AccountChange): Promise<AccountView>;
    /** `name`: `user/NAME` or `role/NAME`. */
    setPrincipal(id: string, name: string, change: PrincipalChange): Promise<PrincipalView>;
  };
  /** Throttling as AWS's; off at the start. */
  readonly quotas: {
    get(): Promise<QuotaSettings>;
    set(settings: NewQuotaSettings): Promise<QuotaSettings>;
  };
  readonly grants: {
    get(): Promise<GrantSettings>;
    /** For grants made from now on. */
    set(settings: GrantSettings): Promise<GrantSettings>;
  };
  readonly keys: {
    list(): Promise<KeyView[]>;
    /** `id`: a key ARN, or a bare key id. */
    setState(id: string, state: NewKeyState): Promise<KeyView & Effective>;
  };
  readonly faults: {
    list(): Promise<FaultRule[]>;
    /** Each answers the rules then in force. */
    replace(rules: readonly FaultRule[]): Promise<FaultRule[]>;
    add(rules: readonly FaultRule[]): Promise<FaultRule[]>;
    remove(rules: readonly FaultRule[]): Promise<FaultRule[]>;
    clear(): Promise<FaultRule[]>;
  };
  readonly effects: {
    get(): Promise<NetworkEffects>;
    set(effects: NetworkEffects): Promise<NetworkEffects>;
  };
  readonly clock: {
    get(): Promise<ClockView>;
    set(move: ClockMove): Promise<ClockView & Effective>;
  };
  /**
   * Events after `since` (default: only new ones) to the listener, in order; answers how to stop. The last 10,000 are
   * kept. `onEnd` is called when the other side closed the stream.
   */
  subscribe(listener: (event: SimulatorEvent) => void, options?: { since?: number; onEnd?: () => void }): Promise<() => void>;
  /** No account, no key, no fault, the clock at real time. */
  reset(): Promise<Effective>;
}

/** Thrown by both forms of the control interface for a request that cannot be carried out. */
export class ControlError extends Error {
  constructor(
    /** 400: the request is wrong; 404: no such account, principal or key; 409: the state forbids it. */
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ControlError";
  }
}
