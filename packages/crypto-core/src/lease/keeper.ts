import type { LeaseClock, LeaseKeeper, Unwrap, UnwrapOutcome } from "./api.js";
import { Lease, type LeaseSettings, type Stop } from "./lease.js";
import { OneAtATime } from "./one-at-a-time.js";

/** What an unwrap told, without the key. */
export type UnwrapReport<F> = { readonly kind: "unwrapped" } | { readonly kind: "refused" | "unavailable"; readonly failure: F };

export interface LeaseKeeperOptions<F> {
  readonly clock: LeaseClock;
  /** Milliseconds from the moment before the unwrap was called; the product allows 1 to 300 s. */
  readonly durationMs: number;
  /** Default 2000: the second call that confirms a refusal begins a quarter of this after the first was answered. */
  readonly confirmWithinMs?: number;
  /** Default 0.5: fraction of the duration after which a held lease is renewed. */
  readonly renewAt?: number;
  /**
   * Every unwrap that counted, first ones and renewals: a renewal is a probe of the key's health. Not told of answers that came
   * after their lease was ended or voided. Must not throw: that ends the lease.
   */
  readonly onOutcome?: (id: string, report: UnwrapReport<F>) => void;
}

/**
 * An unwrap that throws is treated as one without an answer: the lease runs to its end, and the error comes out where the failure
 * would have. After `close`, `acquire` and every gate reject with an Error that is not a GateClosedError: stop the streams first.
 */
export function createLeaseKeeper<F>(options: LeaseKeeperOptions<F>): LeaseKeeper<F> {
  const { clock, durationMs, confirmWithinMs = 2000, renewAt = 0.5 } = options;
  const settings: LeaseSettings = { clock, durationMs, confirmWithinMs, renewAt };
  if (!(durationMs > 0 && Number.isFinite(durationMs))) throw new RangeError("a lease has a duration");
  if (!(renewAt > 0 && renewAt < 1)) throw new RangeError("a lease is renewed within its duration");
  const leases = new Map<string, Lease<F>>();
  const unwraps = new OneAtATime();
  let closed = false;

  function begin(id: string, unwrap: Unwrap<F>): Lease<F> {
    const lease: Lease<F> = new Lease<F>(
      settings,
      {
        whenFree: (call) => unwraps.run(id, call),
        onOutcome: (outcome) => options.onOutcome?.(id, reportOf(outcome)),
        onEnd: () => leases.delete(id),
      },
      unwrap,
    );
    leases.set(id, lease);
    return lease;
  }

  const under = (prefix: string): Lease<F>[] => [...leases].filter(([id]) => id.startsWith(prefix)).map(([, lease]) => lease);
  const endUnder = (prefix: string, stop: Stop<F>): void => {
    for (const lease of under(prefix)) lease.end(stop);
  };

  return {
    async acquire(id, unwrap) {
      if (closed) throw new Error("the lease keeper is closed");
      const known = leases.get(id);
      if (known !== undefined) return known.join(unwrap);
      const lease = begin(id, unwrap);
      const outcome = lease.join(unwrap);
      void lease.run();
      return outcome;
    },
    endAll: (prefix, reason) => endUnder(prefix, { kind: "failure", failure: reason }),
    invalidate(prefix) {
      for (const lease of under(prefix)) lease.void();
    },
    close() {
      closed = true;
      endUnder("", { kind: "error", error: new Error("the lease keeper is closed") });
    },
  };
}

function reportOf<F>(outcome: UnwrapOutcome<F>): UnwrapReport<F> {
  return outcome.kind === "unwrapped" ? { kind: "unwrapped" } : { kind: outcome.kind, failure: outcome.failure };
}
