/** That a use of a key was denied which had worked this long before says that something changed; later it says nothing. */
const WORKED_WITHIN_MS = 10 * 60_000;
/** So many customers whose denials begin so close together are no coincidence. */
const TOGETHER = 5;
const TOGETHER_WITHIN_MS = 30_000;

interface Use {
  readonly awsAccountId: string;
  workedAtMs: number | null;
  /** First and last denial since it worked. Null: it was not denied since, or had not worked lately when it was. */
  denied: { readonly sinceMs: number; lastMs: number } | null;
}

/** Uses that are remembered. A forgotten one has no history, which counts for neither side. */
const MAX_USES = 200_000;

/**
 * Denials across customers. When customers in at least five AWS accounts, all of whose keys worked within ten minutes, are
 * denied within thirty seconds, the cause is on our side (our role, our policy, our own account), and stays so until fewer
 * than five of them are still denied. `nowMs` is monotonic.
 */
export class Denials {
  readonly #uses = new Map<string, Use>();
  readonly #denied = new Set<Use>();
  /** Denials that began before this are the customer's own. Null: nothing is wrong on our side. */
  #oursSinceMs: number | null = null;

  constructor(private readonly onChange: (ours: boolean) => void) {}

  get areOurs(): boolean {
    return this.#oursSinceMs !== null;
  }

  /** `use` names a key together with the account that it is used for. */
  worked(use: string, awsAccountId: string, nowMs: number): void {
    const known = this.#useOf(use, awsAccountId);
    known.workedAtMs = nowMs;
    known.denied = null;
    if (this.#denied.delete(known)) this.#endIfOver(nowMs);
  }

  /** True: this denial is to be put down to us. */
  isOurs(use: string, awsAccountId: string, nowMs: number): boolean {
    const known = this.#useOf(use, awsAccountId);
    if (known.denied !== null) known.denied.lastMs = nowMs;
    else if (known.workedAtMs !== null && nowMs - known.workedAtMs <= WORKED_WITHIN_MS) {
      known.denied = { sinceMs: nowMs, lastMs: nowMs };
      this.#denied.add(known);
      if (this.#oursSinceMs === null && this.#areTogether(nowMs - TOGETHER_WITHIN_MS, nowMs)) {
        this.#oursSinceMs = nowMs - TOGETHER_WITHIN_MS;
        this.onChange(true);
      }
    }
    this.#endIfOver(nowMs);
    const sinceMs = known.denied?.sinceMs ?? nowMs;
    return this.#oursSinceMs !== null && sinceMs >= this.#oursSinceMs;
  }

  #endIfOver(nowMs: number): void {
    if (this.#oursSinceMs === null || this.#areTogether(this.#oursSinceMs, nowMs)) return;
    this.#oursSinceMs = null;
    this.onChange(false);
  }

  /** Whether enough customers are denied whose denials began at `sinceMs` or later. */
  #areTogether(sinceMs: number, nowMs: number): boolean {
    const customers = new Set<string>();
    for (const { awsAccountId, denied } of this.#denied) {
      const isFresh = denied !== null && denied.sinceMs >= sinceMs && nowMs - denied.lastMs <= WORKED_WITHIN_MS;
      if (isFresh && customers.add(awsAccountId).size >= TOGETHER) return true;
    }
    return false;
  }

  #useOf(use: string, awsAccountId: string): Use {
    const known: Use = this.#uses.get(use) ?? { awsAccountId, workedAtMs: null, denied: null };
    this.#uses.delete(use);
    this.#uses.set(use, known);
    if (this.#uses.size > MAX_USES) this.#forgetOldest();
    return known;
  }

  #forgetOldest(): void {
    for (const [name, use] of this.#uses) {
      this.#uses.delete(name);
      this.#denied.delete(use);
      return;
    }
  }
}
