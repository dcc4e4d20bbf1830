import type { AccountKey } from "../key-material/account-key.js";
import type { FrameGate } from "../message/gate.js";

/** Two clocks: a lease's age is the larger of what they say. */
export interface LeaseClock {
  monotonicMs(): number;
  wallMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * What unwrapping a generation under its current wrap gave. refused: definitive, ends the lease at once. unavailable: transient
 * or ours, the lease runs to its end. `F` is the holder's own failure type.
 */
export type UnwrapOutcome<F> =
  | { readonly kind: "unwrapped"; readonly key: AccountKey }
  | { readonly kind: "refused"; readonly failure: F }
  | { readonly kind: "unavailable"; readonly failure: F };

/** Reads the current wrap anew and asks KMS, at each call. Never throws for what KMS or the network does. */
export type Unwrap<F> = () => Promise<UnwrapOutcome<F>>;

/**
 * A generation's unwrapped key, usable for at most the lease's duration from the moment its KMS request was *sent*; renewed in
 * the background by a real unwrap while somebody holds it. Absolute, never sliding.
 */
export interface LeasedKey {
  /** Valid while the gate is open. Throws when it is not: streams ask the gate, others ask `isLive` first. */
  readonly key: AccountKey;
  /**
   * Open while the lease is live. Closed and waiting while a refusal is being confirmed (a second unwrap within 2 s) or an
   * expired lease is being renewed; rejects with GateClosedError (its reason an F) once the refusal is confirmed, or the renewal of an expired
   * lease failed.
   */
  readonly gate: FrameGate;
  isLive(): boolean;
  /** The holder is done. The last release stops renewal; the key is destroyed when its lease ends. */
  release(): void;
}

export type AcquireOutcome<F> = { readonly ok: true; readonly value: LeasedKey } | { readonly ok: false; readonly error: F };

/** All leases of one process. One unwrap in flight per id. */
export interface LeaseKeeper<F> {
  /** `id` is `<accountId>/<generation>`. A live lease is shared; otherwise one unwrap serves all who wait. */
  acquire(id: string, unwrap: Unwrap<F>): Promise<AcquireOutcome<F>>;
  /** Ends the leases whose id starts with `prefix` at once (a lock, an enabling, a switch): gates reject with `reason`. */
  endAll(prefix: string, reason: F): void;
  /** Voids the leases whose id starts with `prefix` so that the next frame waits for a new unwrap; no failure by itself. */
  invalidate(prefix: string): void;
  close(): void;
}
