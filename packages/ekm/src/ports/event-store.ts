import type { AccountEvent } from "../events/event.js";

/** What happened to accounts, kept for a while so that every process can tell its listeners, and a listener can come back. */
export interface EventRepository {
  /**
   * Gives it the account's next sequence number. A `progress` event takes the place of the last progress event of the same kind
   * and subject: a job that reports four times a second leaves one row. Inside a transaction only.
   */
  append(event: Omit<AccountEvent, "sequence">, progress: boolean): Promise<AccountEvent>;
  /** The last sequence number of each account, in one cheap query: what a process polls. An account without events is left out. */
  heads(accountIds: readonly string[]): Promise<ReadonlyMap<string, EventHead>>;
  /** Ascending from `afterSequence`, at most `limit`. */
  since(accountId: string, afterSequence: number, limit: number): Promise<readonly AccountEvent[]>;
  /** At most `limit`, oldest first. Returns how many. Sequence numbers go on. */
  deleteBefore(before: Date, limit: number): Promise<number>;
}

export interface EventHead {
  readonly sequence: number;
  /** The highest sequence number that age removed; 0 when none was. Whoever saw less may have missed something. */
  readonly forgottenTo: number;
}
