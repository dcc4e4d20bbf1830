import type { JobControl } from "../ports/job-control.js";

export interface Progress {
  bytes(count: number): void;
  item(): void;
}

/** Counts and reports. A total is what a survey found: where more turns up later, the total grows with it. */
export function trackProgress(control: JobControl, total: { readonly bytes: bigint; readonly items: bigint }): Progress {
  let bytesDone = 0n;
  let itemsDone = 0n;
  const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
  const report = (): void =>
    control.progress({
      bytesDone,
      bytesTotal: larger(total.bytes, bytesDone),
      itemsDone,
      itemsTotal: larger(total.items, itemsDone),
    });
  report();
  return {
    bytes(count) {
      bytesDone += BigInt(count);
      report();
    },
    item() {
      itemsDone++;
      report();
    },
  };
}
