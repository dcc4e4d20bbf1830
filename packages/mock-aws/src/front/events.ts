import type { SimulatedClock } from "../clock.js";
import type { CallEvent, ChangeEvent, SimulatorEvent } from "../control/interface.js";

const KEPT = 10_000;

type Listener = (event: SimulatorEvent) => void;
type NewChange = Omit<ChangeEvent, "seq" | "at" | "kind" | "effectiveAt" | "state"> & {
  readonly state?: string;
  /** Milliseconds on the wall clock; default now. */
  readonly effectiveAt?: number;
};

/** The last 10,000 events, and who listens. Numbers go on over a reset, so that `since` never means two things. */
export class EventLog {
  #seq = 0;
  #lastAt = { ms: Number.NaN, text: "" };
  #kept: SimulatorEvent[] = [];
  readonly #listeners = new Set<Listener>();

  constructor(private readonly clock: SimulatedClock) {}

  /** Made out to be published at once: its number and its time are taken from here. */
  call(event: CallEvent): void {
    this.#publish(event);
  }

  /** Answers the moment at which the change is effective. */
  change({ state, effectiveAt, ...event }: NewChange): string {
    const effective = effectiveAt === undefined ? this.at() : new Date(effectiveAt).toISOString();
    this.#publish({
      seq: this.nextSeq(),
      at: this.at(),
      kind: "change",
      ...event,
      state: state ?? null,
      effectiveAt: effective,
    });
    return effective;
  }

  /** Replays what is kept after `since`, then goes on with what comes; nothing is lost or doubled between. */
  subscribe(listener: Listener, since?: number): () => void {
    if (since !== undefined) for (const event of this.since(since)) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  since(seq: number): SimulatorEvent[] {
    return this.#kept.filter((event) => event.seq > seq).slice(-KEPT);
  }

  forget(): void {
    this.#kept = [];
  }

  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** ISO 8601. Many events share a millisecond. */
  at(): string {
    const now = this.clock.wall();
    if (now !== this.#lastAt.ms) this.#lastAt = { ms: now, text: new Date(now).toISOString() };
    return this.#lastAt.text;
  }

  #publish(event: SimulatorEvent): void {
    this.#kept.push(event);
    if (this.#kept.length > 2 * KEPT) this.#kept = this.#kept.slice(-KEPT);
    for (const listener of this.#listeners) listener(event);
  }
}
