import type { KmsOutcome } from "@ekm/ekm";

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The vendor's role, assumed for one account. Compared by identity: a renewed session is another one. */
export interface AccountSession {
  readonly accountId: string;
  readonly credentials: SessionCredentials;
}

/** Temporary credentials for an account: one attempt, which never throws. */
export type AssumeRole = (accountId: string) => Promise<KmsOutcome<SessionCredentials>>;

export interface AccountSessions {
  /** One that is good for a call that begins now. */
  of(accountId: string): Promise<KmsOutcome<AccountSession>>;
  /** AWS says that it has run out, or does not know it: the next call takes a new one. */
  forget(session: AccountSession): void;
}

export interface AccountSessionsOptions {
  readonly assume: AssumeRole;
  /** How long AWS lets a session live. */
  readonly lifetimeMs: number;
  readonly monotonicMs: () => number;
}

/** Left of a session's life: from here on a new one is taken beside the calls. */
export const RENEW_BEFORE_MS = 5 * 60_000;
/** Left of a session's life: from here on calls wait for a new one. It may not run out on its way to AWS. */
export const STOP_BEFORE_MS = 60_000;
/** Between renewals beside the calls, when one has failed. */
const RENEW_AGAIN_AFTER_MS = 15_000;
const MAX_SESSIONS = 4_000;

interface Held {
  readonly session: AccountSession;
  readonly endsAt: number;
  renewAt: number;
}

/**
 * One session per account, kept until shortly before it ends; 4,000 at most, of which the one not used for longest gives way. Its life
 * is counted from before it was asked for, by a clock that nobody sets. It decides about credentials alone: each call still asks KMS.
 */
export function createAccountSessions({ assume, lifetimeMs, monotonicMs }: AccountSessionsOptions): AccountSessions {
  const held = new Map<string, Held>();
  const underWay = new Map<string, Promise<KmsOutcome<AccountSession>>>();

  /** One at a time for an account, whoever waits for it. */
  function begin(accountId: string): Promise<KmsOutcome<AccountSession>> {
    const running = underWay.get(accountId) ?? open(accountId).finally(() => underWay.delete(accountId));
    underWay.set(accountId, running);
    return running;
  }

  async function open(accountId: string): Promise<KmsOutcome<AccountSession>> {
    const endsAt = monotonicMs() + lifetimeMs;
    const given = await assume(accountId);
    if (!given.ok) {
      const old = held.get(accountId);
      if (old !== undefined) old.renewAt = monotonicMs() + RENEW_AGAIN_AFTER_MS;
      return given;
    }
    const session = { accountId, credentials: given.value };
    keep({ session, endsAt, renewAt: endsAt - RENEW_BEFORE_MS });
    return { ok: true, value: session };
  }

  /** As the one used last. */
  function keep(entry: Held): void {
    held.delete(entry.session.accountId);
    held.set(entry.session.accountId, entry);
    const idlest = held.size > MAX_SESSIONS ? held.keys().next().value : undefined;
    if (idlest !== undefined) held.delete(idlest);
  }

  return {
    async of(accountId) {
      const known = held.get(accountId);
      if (known === undefined || monotonicMs() >= known.endsAt - STOP_BEFORE_MS) return begin(accountId);
      if (monotonicMs() >= known.renewAt) void begin(accountId);
      keep(known);
      return { ok: true, value: known.session };
    },
    forget(session) {
      if (held.get(session.accountId)?.session === session) held.delete(session.accountId);
    },
  };
}
