import type { Clock } from "../ports/clock.js";
import type { EventRepository } from "../ports/event-store.js";
import type { AccountEvent } from "./event.js";

/** Tells what happens to accounts, whichever process made it happen: by asking the database, in one query for all who listen. */
export interface EventFeed {
  /**
   * The account's events after that sequence number, those that are there already and then each new one, in order. Ends when
   * the listener returns, the signal aborts or the feed is closed. Rejects with what reading rejects with.
   */
  listen(accountId: string, after: number, signal?: AbortSignal): AsyncIterableIterator<AccountEvent>;
  close(): void;
}

export interface EventFeedOptions {
  readonly events: Pick<EventRepository, "heads" | "since">;
  readonly clock: Pick<Clock, "sleep">;
  /** Default 250. */
  readonly everyMs?: number;
  /** Told of each failed poll. The next one follows in `everyMs`. */
  readonly onReadError?: (error: unknown) => void;
}

/** Read at a time: a listener that is slow holds one batch, never a queue. */
const BATCH = 100;

interface Listened {
  head: number;
  readonly waiting: Set<() => void>;
  listeners: number;
}

export function createEventFeed({ events, clock, everyMs = 250, onReadError = () => {} }: EventFeedOptions): EventFeed {
  const accounts = new Map<string, Listened>();
  const closed = new AbortController();
  let polling = false;

  const wake = ({ waiting }: Listened): void => {
    for (const resolve of [...waiting]) resolve();
  };

  async function poll(): Promise<void> {
    if (polling) return;
    polling = true;
    while (accounts.size > 0 && !closed.signal.aborted) {
      try {
        for (const [accountId, { sequence }] of await events.heads([...accounts.keys()])) {
          const listened = accounts.get(accountId);
          if (listened === undefined || sequence <= listened.head) continue;
          listened.head = sequence;
          wake(listened);
        }
      } catch (error) {
        onReadError(error);
      }
      await clock.sleep(everyMs, closed.signal);
    }
    polling = false;
  }

  /** Resolves when the account's head has passed `sequence`, or on the signal. */
  const headPast = (listened: Listened, sequence: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (listened.head > sequence || signal.aborted) return resolve();
      const done = () => {
        listened.waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      listened.waiting.add(done);
      signal.addEventListener("abort", done);
    });

  async function* follow(accountId: string, after: number, signal: AbortSignal): AsyncGenerator<AccountEvent, undefined> {
    const listened = accounts.get(accountId) ?? { head: 0, waiting: new Set(), listeners: 0 };
    accounts.set(accountId, listened);
    listened.listeners += 1;
    void poll();
    let sequence = after;
    try {
      while (!signal.aborted) {
        // Before the read: what is committed after it raises the head past this, and is waited for no longer.
        const seen = listened.head;
        const batch = await events.since(accountId, sequence, BATCH);
        for (const event of batch) {
          if (signal.aborted) return;
          sequence = event.sequence;
          yield event;
        }
        if (batch.length === 0) await headPast(listened, Math.max(sequence, seen), signal);
      }
    } finally {
      listened.listeners -= 1;
      if (listened.listeners === 0) accounts.delete(accountId);
    }
  }

  return {
    listen(accountId, after, signal) {
      const left = new AbortController();
      const any = AbortSignal.any([closed.signal, left.signal, ...(signal === undefined ? [] : [signal])]);
      const events = follow(accountId, after, any);
      return {
        next: () => events.next(),
        // A generator that waits cannot be returned from: it is woken first.
        return: async () => {
          left.abort();
          return events.return(undefined);
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    close: () => closed.abort(),
  };
}
