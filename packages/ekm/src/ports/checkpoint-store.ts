import type { ChainHead } from "../audit/chain.js";
import type { SignedCheckpoint, SignedRound } from "../audit/checkpoint.js";

/** An account whose chain does not end where its last checkpoint says. */
export interface MovedChain {
  readonly accountId: string;
  /** Where the chain is recorded to end. */
  readonly head: ChainHead;
  /** The account's last checkpoint; null: it has none. */
  readonly last: (ChainHead & { readonly digest: string }) | null;
}

/** Checkpoints of the audit chains and the rounds that list them. Rows are only ever added, but for the mark of their export. */
export interface CheckpointRepository {
  lastRound(): Promise<SignedRound | null>;
  /** Ascending by account, after `afterAccountId`. */
  moved(afterAccountId: string, limit: number): Promise<readonly MovedChain[]>;
  /** A round that is there already, or a checkpoint, throws. Not exported yet. Inside a transaction only. */
  insert(round: SignedRound, checkpoints: readonly SignedCheckpoint[]): Promise<void>;
  /** The first round that was not marked as exported, with its checkpoints ascending by account. */
  firstUnexported(): Promise<{ readonly round: SignedRound; readonly checkpoints: readonly SignedCheckpoint[] } | null>;
  markExported(round: number): Promise<void>;
  /** Of one account, ascending by sequence. */
  ofAccount(accountId: string, afterSequence: number, limit: number): Promise<readonly SignedCheckpoint[]>;
}
