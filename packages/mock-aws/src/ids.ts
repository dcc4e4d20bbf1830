import { createHmac } from "node:crypto";

/**
 * Ids that follow from the seed, the reset they came after and the order of creation within account and Region, so that two
 * runs with one seed name the same things alike. Key material and secrets are always random.
 */
export class Ids {
  #epoch = 0;
  readonly #counters = new Map<string, number>();

  constructor(private readonly seed: string) {}

  accountId(): string {
    const digits = BigInt(`0x${this.#next("account").slice(0, 16)}`) % 900_000_000_000n;
    return String(digits + 100_000_000_000n);
  }

  keyId(accountId: string, region: string, multiRegion: boolean): string {
    const hex = this.#next(`key/${accountId}/${region}`);
    if (multiRegion) return `mrk-${hex.slice(0, 32)}`;
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  startAfresh(): void {
    this.#epoch += 1;
    this.#counters.clear();
  }

  save(): SavedIds {
    return { epoch: this.#epoch, counters: [...this.#counters] };
  }

  load(saved: SavedIds): void {
    this.#epoch = saved.epoch;
    for (const [kind, count] of saved.counters) this.#counters.set(kind, count);
  }

  #next(kind: string): string {
    const count = (this.#counters.get(kind) ?? 0) + 1;
    this.#counters.set(kind, count);
    return createHmac("sha256", this.seed)
      .update(JSON.stringify([this.#epoch, kind, count]))
      .digest("hex");
  }
}

export interface SavedIds {
  readonly epoch: number;
  readonly counters: readonly (readonly [string, number])[];
}
