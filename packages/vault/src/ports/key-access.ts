import type { AccountKey, FrameGate } from "@ekm/crypto-core";

/** The account's keys, under leases. `F` is the caller's own failure type, handed back untouched. Never throws for a key's sake. */
export interface KeyAccess<F> {
  /** The open generation of the account, made if there is none, with the right to `wraps` data-key wraps under it. */
  forSealing(accountId: string): Promise<KeyAccessOutcome<SealingKey, F>>;
  forReading(accountId: string, generation: number): Promise<KeyAccessOutcome<AccessibleKey, F>>;
}
export type KeyAccessOutcome<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: F };

export interface AccessibleKey {
  readonly generation: number;
  /** Only while the gate is open. */
  readonly key: AccountKey;
  /** Rejects with GateClosedError<F>. */
  readonly gate: FrameGate;
  release(): void;
}
export interface SealingKey extends AccessibleKey {
  /** Takes one data-key wrap out of the reserved block, reserving another block when it is used up. False: the generation is full. */
  takeWrap(): Promise<boolean>;
}
