import { createHash, randomBytes } from "node:crypto";
import type { SimulatedClock } from "../clock.js";
import type { AccountStatus, SuspensionProfile } from "../control/interface.js";
import type { Ids } from "../ids.js";
import type { Policy } from "./policy/policy.js";

export type Tags = Readonly<Record<string, string>>;

/** A user or a role. */
export interface PrincipalRecord {
  readonly principalArn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Identity policies; null: it may do everything, as far as resource policies let it. */
  policies: readonly Policy[] | null;
  /** Who may assume the role; null: the principals of its own account. */
  trust: Policy | null;
  tags: Tags;
  /** The service of AWS through which its calls come (`s3.us-east-1.amazonaws.com`); null: it calls KMS itself. */
  viaService: string | null;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  status: AccountStatus;
  profile: SuspensionProfile;
  organizationId: string | null;
  /** Simulated time at which it was closed. */
  closedAt: number | null;
  /** Simulated time: keys created before it went with an earlier closure and do not come back. */
  keysGoneBefore: number | null;
  readonly principals: PrincipalRecord[];
}

/** A role's session: temporary credentials. */
export interface Session {
  readonly token: string;
  /** Simulated time. */
  readonly expiresAt: number;
  /** Narrows what the role may do. */
  readonly policy: Policy | null;
}

/** Who calls. `arn` is what error texts name; `principalArn` is the value of aws:PrincipalArn. */
export interface Caller {
  readonly account: Account;
  readonly principal: Pick<PrincipalRecord, "policies" | "viaService">;
  readonly arn: string;
  readonly principalArn: string;
  readonly userId: string;
  readonly secretAccessKey: string;
  /** aws:PrincipalTag: the principal's own, and the session's over them. */
  readonly tags: Tags;
  readonly session: Session | null;
}

export interface NewSession {
  readonly name: string;
  readonly durationSeconds: number;
  readonly tags: Tags;
  readonly policy: Policy | null;
}

const DAYS_UNTIL_ALL_IS_GONE = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_SESSIONS = 10_000;

/** AWS accounts, their principals' access keys and their roles' sessions. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #principals = new Map<string, Caller>();
  readonly #sessions = new Map<string, Caller>();

  constructor(
    private readonly clock: SimulatedClock,
    private readonly ids: Ids,
  ) {}

  get size(): number {
    return this.#accounts.size;
  }

  list(): Account[] {
    return [...this.#accounts.values()];
  }

  find(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  /** `user/NAME` or `role/NAME`. */
  findPrincipal(accountId: string, name: string): PrincipalRecord | undefined {
    const arn = `arn:aws:iam::${accountId}:${name}`;
    return this.#accounts.get(accountId)?.principals.find((principal) => principal.principalArn === arn);
  }

  /** By access key: a principal, or a role's session whether or not it has expired. */
  callerOf(accessKeyId: string): Caller | undefined {
    return this.#principals.get(accessKeyId) ?? this.#sessions.get(accessKeyId);
  }

  /** The account with that principal: created where it does not exist. `principal`: `user/NAME` or `role/NAME`. */
  ensure(
    id: string | undefined,
    name: string,
    principal: string,
  ): { account: Account; principal: PrincipalRecord; created: boolean } {
    const known = id === undefined ? undefined : this.#accounts.get(id);
    const account = known ?? {
      id: id ?? this.#freeId(),
      name,
      status: "ACTIVE",
      profile: "cross-account-denied",
      organizationId: null,
      closedAt: null,
      keysGoneBefore: null,
      principals: [],
    };
    const principalArn = `arn:aws:iam::${account.id}:${principal}`;
    const present = account.principals.find((candidate) => candidate.principalArn === principalArn);
    if (present) return { account, principal: present, created: false };
    const added: PrincipalRecord = {
      principalArn,
      accessKeyId: newAccessKeyId("AKIA"),
      secretAccessKey: randomBytes(30).toString("base64"),
      policies: null,
      trust: null,
      tags: {},
      viaService: null,
    };
    account.principals.push(added);
    this.restore(account);
    return { account, principal: added, created: true };
  }

  /** Temporary credentials of a role. The oldest sessions give way beyond 10,000. */
  openSession(
    account: Account,
    role: PrincipalRecord,
    { name, durationSeconds, tags, policy }: NewSession,
  ): {
    readonly accessKeyId: string;
    readonly caller: Caller & { readonly session: Session };
  } {
    const accessKeyId = newAccessKeyId("ASIA");
    const roleName = role.principalArn.replace(/^.*\//, "");
    const session = {
      token: randomBytes(192).toString("base64"),
      expiresAt: this.clock.now() + durationSeconds * 1000,
      policy,
    };
    const caller = {
      account,
      principal: role,
      arn: `arn:aws:sts::${account.id}:assumed-role/${roleName}/${name}`,
      principalArn: role.principalArn,
      userId: `${uniqueId("AROA", role.principalArn)}:${name}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      tags: { ...role.tags, ...tags },
      session,
    };
    this.#sessions.set(accessKeyId, caller);
    if (this.#sessions.size > MAX_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return { accessKeyId, caller };
  }

  setStatus(account: Account, status: AccountStatus, profile: SuspensionProfile | undefined): void {
    if (this.#isGone(account)) account.keysGoneBefore = this.clock.now();
    if (status !== "CLOSED") account.closedAt = null;
    else account.closedAt ??= this.clock.now();
    account.status = status;
    if (profile !== undefined) account.profile = profile;
  }

  /** Whether a key of that account, created at that simulated time, went with the account: 90 days after it was closed. */
  tookKeyAlong(id: string, createdAt: number): boolean {
    const account = this.#accounts.get(id);
    if (account === undefined) return false;
    return this.#isGone(account) || (account.keysGoneBefore !== null && createdAt < account.keysGoneBefore);
  }

  restore(account: Account): void {
    this.#accounts.set(account.id, account);
    for (const principal of account.principals) this.#principals.set(principal.accessKeyId, callerAs(account, principal));
  }

  clear(): void {
    this.#accounts.clear();
    this.#principals.clear();
    this.#sessions.clear();
  }

  #isGone({ closedAt }: Account): boolean {
    return closedAt !== null && this.clock.now() >= closedAt + DAYS_UNTIL_ALL_IS_GONE * DAY_MS;
  }

  #freeId(): string {
    let id = this.ids.accountId();
    while (this.#accounts.has(id)) id = this.ids.accountId();
    return id;
  }
}

/** A principal that calls with its own access key. */
function callerAs(account: Account, principal: PrincipalRecord): Caller {
  const { principalArn, secretAccessKey } = principal;
  const arn = callingArn(principalArn);
  const userId = arn === principalArn ? uniqueId("AIDA", principalArn) : `${uniqueId("AROA", principalArn)}:session`;
  return {
    account,
    principal,
    arn,
    principalArn,
    userId,
    secretAccessKey,
    get tags() {
      return principal.tags;
    },
    session: null,
  };
}

/** A role calls under a session's ARN of STS; a user under its own. */
function callingArn(principalArn: string): string {
  const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principalArn);
  return role ? `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/session` : principalArn;
}

const uniqueId = (prefix: string, principalArn: string): string =>
  `${prefix}${createHash("sha256").update(principalArn).digest("hex").slice(0, 17).toUpperCase()}`;

function newAccessKeyId(prefix: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return `${prefix}${[...randomBytes(16)].map((byte) => alphabet.charAt(byte & 31)).join("")}`;
}
