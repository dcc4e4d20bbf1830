import type { KeyGeneration, KeyWrap } from "../keys/generation.js";
import type { KeyRecord } from "../ports/key-records.js";
import { isRecordOf } from "./ensure-key-record.js";

export interface RecordScene {
  /** Listed before the rest was read. */
  readonly records: readonly KeyRecord[];
  readonly generations: readonly KeyGeneration[];
  readonly wraps: readonly KeyWrap[];
}

/**
 * The records that nothing needs: of a generation whose current wrap lies beside the backups itself, for the very same key. A
 * record of another key (another check value) stays, for it may be the last of its kind, as after restoring an old database; so
 * does one whose wrap is in the database.
 */
export function spareRecords({ records, generations, wraps }: RecordScene): readonly KeyRecord[] {
  const checkValues = new Map(generations.map(({ generation, checkValue }) => [generation, checkValue]));
  const safe = new Set<number>();
  for (const wrap of wraps) {
    const checkValue = checkValues.get(wrap.generation);
    if (wrap.state !== "CURRENT" || checkValue === undefined) continue;
    if (records.some((record) => isRecordOf(record, wrap, checkValue))) safe.add(wrap.generation);
  }
  return records.filter((record) => {
    const { generation, checkValue } = record;
    if (!safe.has(generation) || checkValues.get(generation) !== checkValue) return false;
    return !wraps.some((wrap) => isRecordOf(record, wrap, checkValue));
  });
}
