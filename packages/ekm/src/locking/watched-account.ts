import type { LeaseKeeper } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import type { Problem } from "../errors/outcome.js";
import type { KeyEpoch } from "./epoch-watch.js";

/** A moment by both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** What a process knows of one account's key epoch, and since when. */
export class WatchedAccount {
  holders = 0;
  #epoch: number | null = null;
  #sent: Moment | null = null;

  constructor(
    readonly id: string,
    private readonly leases: Pick<LeaseKeeper<Problem>, "endAll" | "invalidate">,
  ) {}

  /** Null: the account is unknown. An answer to a question that was sent before the last one is old news. */
  learn(answer: KeyEpoch | null, sent: Moment): void {
    if (this.#sent !== null && sent.monotonicMs < this.#sent.monotonicMs) return;
    this.#sent = sent;
    if (answer === null || answer.locked) {
      this.#epoch = answer?.keyEpoch ?? null;
      this.leases.endAll(`${this.id}/`, problem(answer === null ? "ACCOUNT_NOT_FOUND" : "KEYS_LOCKED"));
      return;
    }
    // Also at the first reading: a lease may have been left over from before this account was last forgotten.
    if (answer.keyEpoch !== this.#epoch) this.leases.invalidate(`${this.id}/`);
    this.#epoch = answer.keyEpoch;
  }

  /** How old the knowledge is, by the larger of both clocks; undefined before the first reading. */
  ageMs(now: Moment): number | undefined {
    if (this.#sent === null) return undefined;
    return Math.max(now.monotonicMs - this.#sent.monotonicMs, now.wallMs - this.#sent.wallMs);
  }
}
