import type { FrameGate, LeaseKeeper } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Problem } from "../errors/outcome.js";
import type { Clock } from "../ports/clock.js";
import { WatchedAccount } from "./watched-account.js";

export interface KeyEpoch {
  readonly keyEpoch: number;
  readonly locked: boolean;
}

export interface EpochWatchOptions {
  /** In one cheap query, on a connection of its own: nothing else may keep it waiting. Leaves unknown ids out. */
  readonly readEpochs: (ids: readonly string[]) => Promise<ReadonlyMap<string, KeyEpoch>>;
  readonly leases: Pick<LeaseKeeper<Problem>, "endAll" | "invalidate">;
  readonly clock: Pick<Clock, "now" | "monotonicMs" | "sleep">;
  /** Default 250. */
  readonly everyMs?: number;
  /** Default 1000: a frame needs an epoch that was read less than this ago, by the larger of both clocks. */
  readonly maxAgeMs?: number;
  /** Told of each failed read. The next one follows in `everyMs`. */
  readonly onReadError?: (error: unknown) => void;
}

/**
 * Sees to it that a lock stops every process within a second, and that an enabling or a switch to another key makes it drop
 * what it has unwrapped. Keeps the key epochs of the accounts that are held here current. While they cannot be read, no frame
 * flows: also none in a process that was stopped and continued, before it has read them again.
 */
export interface EpochWatch {
  /**
   * Reads the account's epoch and keeps it current until the release. To be called before a lease is acquired: what is
   * unwrapped after an epoch was read is never older than that epoch. KEYS_LOCKED; ACCOUNT_NOT_FOUND. Rejects with what
   * `readEpochs` rejects with.
   */
  hold(accountId: string): Promise<Outcome<AccountHold, Problem>>;
  /** The lease's gate of an account that is held, open only while its epoch is current. */
  gateFor(accountId: string, inner: FrameGate): FrameGate;
  close(): void;
}

export interface AccountHold {
  release(): void;
}

/** Epochs of accounts that nobody holds: a lease may live on for a while. A forgotten one costs an unwrap. */
const MAX_KNOWN = 10_000;

export function createEpochWatch(options: EpochWatchOptions): EpochWatch {
  const { readEpochs, leases, clock, everyMs = 250, maxAgeMs = 1000, onReadError = () => {} } = options;
  const accounts = new Map<string, WatchedAccount>();
  const closed = new AbortController();
  let watching = false;
  /** Ends with the next read, whether or not it succeeds. */
  let attempt = deferred();

  function accountOf(accountId: string): WatchedAccount {
    const account = accounts.get(accountId) ?? new WatchedAccount(accountId, leases);
    // Moved to the end: the oldest is forgotten first.
    accounts.delete(accountId);
    accounts.set(accountId, account);
    if (accounts.size > MAX_KNOWN) {
      const forgotten = [...accounts.values()].find((one) => one.holders === 0);
      if (forgotten) accounts.delete(forgotten.id);
    }
    return account;
  }

  async function read(ids: readonly string[]): Promise<ReadonlyMap<string, KeyEpoch>> {
    // The age of what is read counts from before the question.
    const sent = { monotonicMs: clock.monotonicMs(), wallMs: clock.now().getTime() };
    const epochs = await readEpochs(ids);
    for (const id of ids) accounts.get(id)?.learn(epochs.get(id) ?? null, sent);
    return epochs;
  }

  const held = (): string[] => [...accounts.values()].filter((account) => account.holders > 0).map(({ id }) => id);

  /** One read at a time, until nobody is held. */
  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    while (!closed.signal.aborted) {
      await clock.sleep(everyMs, closed.signal);
      const ids = held();
      if (ids.length === 0 || closed.signal.aborted) break;
      await read(ids).catch(onReadError);
      attempt.resolve();
      attempt = deferred();
    }
    watching = false;
  }

  const isCurrent = (accountId: string): boolean => {
    const age = accounts.get(accountId)?.ageMs({ monotonicMs: clock.monotonicMs(), wallMs: clock.now().getTime() });
    return !closed.signal.aborted && age !== undefined && age < maxAgeMs;
  };

  return {
    async hold(accountId) {
      const account = accountOf(accountId);
      account.holders++;
      const release = () => {
        account.holders--;
      };
      try {
        const epoch = (await read([accountId])).get(accountId);
        if (epoch === undefined || epoch.locked) {
          release();
          return fail(problem(epoch === undefined ? "ACCOUNT_NOT_FOUND" : "KEYS_LOCKED"));
        }
      } catch (error) {
        release();
        throw error;
      }
      void watch();
      return ok({ release });
    },
    gateFor: (accountId, inner) => ({
      isOpen: () => inner.isOpen() && isCurrent(accountId),
      async waitUntilOpen() {
        // The lease first: its end is an answer, whether or not epochs can be read.
        if (!inner.isOpen()) return inner.waitUntilOpen();
        if (isCurrent(accountId)) return;
        if (closed.signal.aborted) throw new Error("the epoch watch is closed");
        await attempt.promise;
      },
    }),
    close() {
      closed.abort();
      attempt.resolve();
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
