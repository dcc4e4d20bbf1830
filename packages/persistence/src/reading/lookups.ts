import type { Reader } from "./reader.js";
import type { Rows } from "./rows.js";
import { together } from "./together.js";

/** All of a list of keys, however long, in one text. */
const ASKED = "(SELECT value FROM json_each(?))";

export interface Lookup<R, T> {
  readonly reader: Reader;
  readonly rows: Rows<R>;
  readonly by: keyof R & string;
  readonly toItem: (row: R) => T;
}

/** The one row with this key. */
export function oneBy<R extends object, T>({ reader, rows, by, toItem }: Lookup<R, T>): (key: string) => Promise<T | null> {
  const sql = `SELECT ${rows.columns("t")} FROM ${rows.table} t WHERE t.${rows.column(by)} IN ${ASKED}`;
  return together(async (keys) => {
    const found = new Map<unknown, R>();
    for (const row of await reader.all<R>(sql, [JSON.stringify(keys)])) found.set(row[by], rows.fromStored(row));
    // Each asker gets an object of its own.
    return keys.map((key) => {
      const row = found.get(key);
      return row === undefined ? null : toItem(row);
    });
  });
}

/** All rows with this key, in the order of `orderBy`, of which an index begins with the key. */
export function manyBy<R extends object, T>({
  reader,
  rows,
  by,
  toItem,
  orderBy,
}: Lookup<R, T> & { readonly orderBy: readonly (keyof R & string)[] }): (key: string) => Promise<readonly T[]> {
  const order = [by, ...orderBy].map((property) => `t.${rows.column(property)}`).join(", ");
  const sql = `SELECT ${rows.columns("t")} FROM ${rows.table} t WHERE t.${rows.column(by)} IN ${ASKED} ORDER BY ${order}`;
  return together(async (keys) => {
    const found = grouped<R, unknown>(await reader.all<R>(sql, [JSON.stringify(keys)]), (row) => row[by]);
    return keys.map((key) => (found.get(key) ?? []).map((row) => toItem(rows.fromStored(row))));
  });
}

/** Succeeded backups of an account, by generation, in the order of the index that covers it. Sums as text: exact beyond 2^53. */
export function impactOf(reader: Reader) {
  const sql = `SELECT account_id AS accountId, COUNT(*) AS backups, CAST(SUM(bytes) AS TEXT) AS bytes FROM backup
    WHERE account_id IN ${ASKED} AND status = 'SUCCEEDED' GROUP BY account_id, generation`;
  return together(async (accountIds: readonly string[]) => {
    const rows = await reader.all<{ accountId: string; backups: number; bytes: string | null }>(sql, [
      JSON.stringify(accountIds),
    ]);
    const found = grouped(rows, ({ accountId }) => accountId);
    return accountIds.map((id) => {
      const own = found.get(id) ?? [];
      return {
        backups: own.reduce((sum, row) => sum + BigInt(row.backups), 0n),
        bytes: own.reduce((sum, row) => sum + BigInt(row.bytes ?? 0), 0n),
        generations: own.length,
      };
    });
  });
}

export function grouped<R, K>(rows: readonly R[], keyOf: (row: R) => K): Map<K, R[]> {
  const groups = new Map<K, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
