import type { AccountKey } from "../key-material/account-key.js";
import { GateClosedError } from "../message/gate.js";
import type { AcquireOutcome, LeaseClock, LeasedKey, Unwrap, UnwrapOutcome } from "./api.js";
import { Holding } from "./holding.js";
import { LeaseTerm } from "./term.js";

export interface LeaseSettings {
  readonly clock: LeaseClock;
  readonly durationMs: number;
  /** A refusal is confirmed by a second unwrap that begins within this. */
  readonly confirmWithinMs: number;
  /** Fraction of the duration after which a held lease is renewed. */
  readonly renewAt: number;
}

/** Why a key cannot be had: what the holder knows, or an error that is nobody's expectation. */
export type Stop<F> = { readonly kind: "failure"; readonly failure: F } | { readonly kind: "error"; readonly error: unknown };

export interface LeasePorts<F> {
  /** Runs when no other unwrap of this id is under way. */
  readonly whenFree: <T>(call: () => Promise<T>) => Promise<T>;
  readonly onOutcome: (outcome: UnwrapOutcome<F>) => void;
  readonly onEnd: () => void;
}

interface Joiner<F> {
  readonly resolve: (outcome: AcquireOutcome<F>) => void;
  readonly reject: (error: unknown) => void;
}
interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const CONFIRM_AFTER = 1 / 4;
const FIRST_PAUSE_MS = 1000;

/**
 * The life of one generation's lease in one process. A single loop asks for the key: at first for those who joined, then for
 * renewal while somebody holds it, and at the end of a term once more before it gives up. When nobody holds it, the loop only
 * waits for the term's end to destroy the key. Whether the key may be used is computed from the clocks at each question, never
 * from a timer, so a process that was stopped past the end finds the gate closed. The key's bytes outlive a term that passed only
 * while its last renewal is under way, shut behind the gate, so that streams which hold the object go on if that succeeds.
 */
export class Lease<F> {
  #key: AccountKey | null = null;
  /** Null until the first unwrap succeeded. */
  #term: LeaseTerm | null = null;
  /** The term may not be used although it has not passed: a new unwrap must come first. */
  #voided = false;
  /** A refusal that is not confirmed yet. */
  #refusal: { readonly failure: F } | null = null;
  #retry: { readonly atMs: number; readonly failures: number } | null = null;
  #ended: Stop<F> | null = null;
  /** Answers to requests that were sent in an earlier epoch are discarded. */
  #epoch = 0;
  #holders = 0;
  #joiners: Joiner<F>[] = [];
  #waiters: Waiter[] = [];
  #alarm = new AbortController();

  constructor(
    private readonly settings: LeaseSettings,
    private readonly ports: LeasePorts<F>,
    private unwrap: Unwrap<F>,
  ) {}

  /** Never rejects: an error in it ends the lease. */
  async run(): Promise<void> {
    try {
      while (this.#ended === null) {
        if (this.#holders === 0 && this.#joiners.length === 0) await this.#expireUnused();
        else await this.#renewInTime();
      }
    } catch (error) {
      this.end({ kind: "error", error });
    }
  }

  join(unwrap: Unwrap<F>): Promise<AcquireOutcome<F>> {
    this.unwrap = unwrap;
    if (this.isLive()) return Promise.resolve({ ok: true, value: this.#hold() });
    return new Promise((resolve, reject) => {
      this.#joiners.push({ resolve, reject });
      this.#wake();
    });
  }

  isLive(): boolean {
    return this.#ended === null && !this.#voided && this.#refusal === null && this.#term !== null && !this.#term.hasPassed();
  }

  /** Throws when the lease is not live. */
  useKey(): AccountKey {
    if (this.#key === null || !this.isLive()) throw new Error("the lease of this account key is not live");
    return this.#key;
  }

  async whenLive(): Promise<void> {
    if (this.#ended !== null) throw toError(this.#ended);
    if (this.isLive()) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#wake();
    });
  }

  void(): void {
    this.#epoch++;
    this.#voided = true;
    this.#refusal = null;
    this.#retry = null;
    this.#wake();
  }

  end(stop: Stop<F>): void {
    if (this.#ended !== null) return;
    this.#ended = stop;
    this.#key?.destroy();
    this.#key = null;
    this.ports.onEnd();
    this.#turnAway(stop);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(toError(stop));
    this.#wake();
  }

  #hold(): LeasedKey {
    // Nobody held it: it sleeps to its end and would not be renewed before.
    if (this.#holders++ === 0) this.#wake();
    return new Holding(this, () => {
      this.#holders--;
      this.#wake();
    });
  }

  async #expireUnused(): Promise<void> {
    if (this.isLive() && this.#term !== null) await this.#sleep(this.#term.remainingMs());
    else this.end({ kind: "error", error: new Error("the lease was released") });
  }

  async #renewInTime(): Promise<void> {
    const dueMs = this.#dueInMs();
    if (dueMs > 0) return this.#sleep(dueMs);
    const epoch = this.#epoch;
    const mayRideOn = this.#term !== null && !this.#term.hasPassed();
    const { outcome, term } = await this.#ask();
    if (this.#ended !== null || epoch !== this.#epoch) {
      if (outcome.kind === "unwrapped") outcome.key.destroy();
      return;
    }
    if (outcome.kind === "error") return this.#missed(outcome, mayRideOn);
    this.ports.onOutcome(outcome);
    if (outcome.kind === "unwrapped") this.#adopt(outcome.key, term);
    else if (outcome.kind === "unavailable") this.#missed({ kind: "failure", failure: outcome.failure }, mayRideOn);
    else this.#refused(outcome.failure);
  }

  #dueInMs(): number {
    if (this.#retry !== null) {
      const pause = this.#retry.atMs - this.settings.clock.monotonicMs();
      // Transient trouble: the end of the term is the moment for the last try. A refusal keeps its pause.
      return this.#refusal !== null ? pause : Math.min(pause, this.#term?.remainingMs() ?? 0);
    }
    if (this.#term === null || !this.isLive()) return 0;
    return this.settings.renewAt * this.settings.durationMs - this.#term.ageMs();
  }

  /** The term begins before the request is sent. */
  #ask(): Promise<{ outcome: UnwrapOutcome<F> | (Stop<F> & { kind: "error" }); term: LeaseTerm }> {
    return this.ports.whenFree(async () => {
      const term = new LeaseTerm(this.settings.clock, this.settings.durationMs);
      if (this.#ended !== null) return { outcome: { kind: "error", error: toError(this.#ended) }, term };
      try {
        return { outcome: await this.unwrap(), term };
      } catch (error) {
        return { outcome: { kind: "error", error }, term };
      }
    });
  }

  /** One object for a generation's whole lease, so that who holds it need not ask for it again after a renewal. */
  #adopt(key: AccountKey, term: LeaseTerm): void {
    if (this.#key !== null && !this.#key.destroyed && key.matches(this.#key.checkValue())) {
      if (key !== this.#key) key.destroy();
    } else {
      this.#key?.destroy();
      this.#key = key;
    }
    this.#term = term;
    this.#voided = false;
    this.#refusal = null;
    this.#retry = null;
    if (!this.isLive()) return;
    for (const joiner of this.#joiners.splice(0)) joiner.resolve({ ok: true, value: this.#hold() });
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  #refused(failure: F): void {
    if (this.#term === null || this.#refusal !== null) {
      this.end({ kind: "failure", failure });
    } else {
      this.#refusal = { failure };
      this.#pause(this.settings.confirmWithinMs * CONFIRM_AFTER);
    }
  }

  /** No answer to rely on: the term runs on, and an unconfirmed refusal keeps the gate closed and stays the cause. */
  #missed(stop: Stop<F>, mayRideOn: boolean): void {
    const cause: Stop<F> = this.#refusal !== null ? { kind: "failure", failure: this.#refusal.failure } : stop;
    if (!mayRideOn) {
      this.end(cause);
      return;
    }
    this.#turnAway(cause);
    const { durationMs } = this.settings;
    const growing = Math.min(FIRST_PAUSE_MS, durationMs / 16) * 2 ** (this.#retry?.failures ?? 0);
    this.#pause(Math.min(growing, durationMs / 8), (this.#retry?.failures ?? 0) + 1);
  }

  #pause(ms: number, failures = 0): void {
    this.#retry = { atMs: this.settings.clock.monotonicMs() + ms, failures };
  }

  #turnAway(stop: Stop<F>): void {
    for (const joiner of this.#joiners.splice(0)) {
      if (stop.kind === "failure") joiner.resolve({ ok: false, error: stop.failure });
      else joiner.reject(stop.error);
    }
  }

  async #sleep(ms: number): Promise<void> {
    this.#alarm = new AbortController();
    await this.settings.clock.sleep(ms, this.#alarm.signal);
  }

  #wake(): void {
    this.#alarm.abort();
  }
}

function toError<F>(stop: Stop<F>): unknown {
  return stop.kind === "failure" ? new GateClosedError(stop.failure) : stop.error;
}
