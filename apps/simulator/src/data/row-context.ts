import type { Random } from "./random.js";
import { type SalesforceObject, salesforceId } from "./salesforce-id.js";
import type { RowContext } from "./salesforce-tables.js";

/** How many rows each finished table has. */
export type RowCounts = Readonly<Partial<Record<SalesforceObject, number>>>;

export function createRowContext(random: Random, seed: number, n: number, complete: RowCounts): RowContext {
  return {
    random,
    n,
    id: (object, row) => salesforceId(object, seed, row),
    // Users refer to no other table, so the first has none to choose from but itself.
    some: (object) => salesforceId(object, seed, random.below(complete[object] ?? 1)),
    timestamp: () => timestamp(random),
  };
}

function timestamp(random: Random): string {
  const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
  const bits = random.uint32();
  const date = `${2016 + (bits % 9)}-${two(1 + ((bits >>> 4) % 12))}-${two(1 + ((bits >>> 8) % 28))}`;
  return `${date} ${two((bits >>> 14) % 24)}:${two((bits >>> 19) % 60)}:${two((bits >>> 25) % 60)}`;
}
