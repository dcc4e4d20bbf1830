import type { AccountKey } from "../key-material/account-key.js";
import type { FrameGate } from "../message/gate.js";
import type { LeasedKey } from "./api.js";

/** What a holder needs of a lease. */
interface HeldLease {
  isLive(): boolean;
  useKey(): AccountKey;
  whenLive(): Promise<void>;
}

/** One holder's share of a lease. After its release it is closed, although others may hold the lease still. */
export class Holding implements LeasedKey {
  #released = false;
  readonly gate: FrameGate = {
    isOpen: () => this.isLive(),
    waitUntilOpen: () => (this.#released ? Promise.reject(releasedError()) : this.lease.whenLive()),
  };

  constructor(
    private readonly lease: HeldLease,
    private readonly onRelease: () => void,
  ) {}

  get key(): AccountKey {
    if (this.#released) throw releasedError();
    return this.lease.useKey();
  }

  isLive(): boolean {
    return !this.#released && this.lease.isLive();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.onRelease();
  }
}

const releasedError = (): Error => new Error("this lease of the account key was released by its holder");
