import { randomBytes } from "node:crypto";
import type { SimulatedClock } from "../clock.js";
import type { AccountStatus, Principal, SuspensionProfile } from "../control/interface.js";
import type { Ids } from "../ids.js";

export interface Account {
  readonly id: string;
  readonly name: string;
  status: AccountStatus;
  profile: SuspensionProfile;
  /** Simulated time at which it was closed. */
  closedAt: number | null;
  /** Simulated time: keys created before it went with an earlier closure and do not come back. */
  keysGoneBefore: number | null;
  readonly principals: Principal[];
}

/** Who calls. `arn` is what error texts name; `principalArn` is the value of aws:PrincipalArn. */
export interface Caller {
  readonly account: Account;
  readonly arn: string;
  readonly principalArn: string;
  readonly secretAccessKey: string;
}

const DAYS_UNTIL_ALL_IS_GONE = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** AWS accounts and their access keys. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #callers = new Map<string, Caller>();

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

  callerOf(accessKeyId: string): Caller | undefined {
    return this.#callers.get(accessKeyId);
  }

  /** The account with that principal: created where it does not exist. `principal`: `user/NAME` or `role/NAME`. */
  ensure(id: string | undefined, name: string, principal: string): { account: Account; principal: Principal; created: boolean } {
    const known = id === undefined ? undefined : this.#accounts.get(id);
    const account = known ?? {
      id: id ?? this.#freeId(),
      name,
      status: "ACTIVE",
      profile: "cross-account-denied",
      closedAt: null,
      keysGoneBefore: null,
      principals: [],
    };
    const principalArn = `arn:aws:iam::${account.id}:${principal}`;
    const present = account.principals.find((candidate) => candidate.principalArn === principalArn);
    if (present) return { account, principal: present, created: false };
    const added: Principal = { principalArn, accessKeyId: newAccessKeyId(), secretAccessKey: randomBytes(30).toString("base64") };
    account.principals.push(added);
    this.restore(account);
    return { account, principal: added, created: true };
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
    for (const principal of account.principals) {
      const { principalArn, secretAccessKey } = principal;
      const caller = { account, arn: callingArn(principalArn), principalArn, secretAccessKey };
      this.#callers.set(principal.accessKeyId, caller);
    }
  }

  clear(): void {
    this.#accounts.clear();
    this.#callers.clear();
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

/** A role calls under a session's ARN of STS; a user under its own. */
function callingArn(principalArn: string): string {
  const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principalArn);
  return role ? `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/session` : principalArn;
}

function newAccessKeyId(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return `AKIA${[...randomBytes(16)].map((byte) => alphabet.charAt(byte & 31)).join("")}`;
}
