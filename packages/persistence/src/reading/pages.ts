import type { Page, PageRequest } from "@ekm/ekm";
import { toPage } from "../repositories/page.js";
import { grouped } from "./lookups.js";
import type { Reader } from "./reader.js";
import type { Rows } from "./rows.js";
import { together } from "./together.js";

/** Columns that a list may be narrowed by, with their values. */
export type Narrowing<R> = { readonly [K in keyof R]?: string | undefined };

interface Asked<R> {
  readonly accountId: string;
  readonly request: PageRequest;
  readonly narrowed: Narrowing<R>;
}

export interface Pages<R, T> {
  readonly page: (accountId: string, request: PageRequest, narrowed?: Narrowing<R>) => Promise<Page<T>>;
  readonly count: (accountId: string, narrowed?: Narrowing<R>) => Promise<bigint>;
}

export interface PagesOptions<R, T> {
  readonly reader: Reader;
  readonly rows: Rows<R>;
  readonly toItem: (row: R) => T;
  /** Newest first by it; `id` unless ids do not sort as the list does. */
  readonly order?: keyof R & string;
}

/**
 * Lists of accounts, a page of each: one statement for all accounts whose pages are asked for at once. Each page is found by seeking in an
 * index of the account, what the list is narrowed by, and its order.
 */
export function pagesOf<R extends { id: string; accountId: string }, T>({
  reader,
  rows,
  toItem,
  order = "id",
}: PagesOptions<R, T>): Pages<R, T> {
  const sorted = rows.column(order);
  const conditions = (alias: string, narrowed: Narrowing<R>) => [
    `${alias}.account_id = asked.value ->> 'accountId'`,
    ...valuesOf(narrowed).map(([name]) => `${alias}.${rows.column(name)} = asked.value ->> '${name}'`),
  ];
  const cursor =
    order === "id"
      ? "asked.value ->> 'after'"
      : `(SELECT c.${sorted} FROM ${rows.table} c WHERE c.id = asked.value ->> 'after' AND c.account_id = asked.value ->> 'accountId')`;

  const readPages = async (asked: readonly Asked<R>[]): Promise<Page<T>[]> => {
    const pages = new Array<Page<T>>(asked.length);
    const alike = grouped([...asked.entries()], ([, { request, narrowed }]) => shapeOf(request, narrowed));
    for (const group of alike.values()) {
      const [, { request, narrowed }] = group[0] as (typeof group)[number];
      const where = [...conditions("n", narrowed), ...(request.after === undefined ? [] : [`n.${sorted} < ${cursor}`])];
      const sql = `SELECT asked.key AS place, ${rows.columns("t")} FROM json_each(?) asked CROSS JOIN ${rows.table} t
        ON t.id IN (SELECT n.id FROM ${rows.table} n WHERE ${where.join(" AND ")} ORDER BY n.${sorted} DESC LIMIT ?)`;
      const parameters = group.map(([, one]) => ({ accountId: one.accountId, after: one.request.after, ...one.narrowed }));
      const found = grouped(
        await reader.all<R & { place: number }>(sql, [JSON.stringify(parameters), request.first + 1]),
        ({ place }) => place,
      );
      for (const [at, [place, one]] of group.entries()) {
        const own = (found.get(at) ?? []).map((row) => rows.fromStored(row)).sort((a, b) => (a[order] < b[order] ? 1 : -1));
        pages[place] = toPage(own, one.request, toItem);
      }
    }
    return pages;
  };

  const readCounts = async (asked: readonly Omit<Asked<R>, "request">[]): Promise<bigint[]> => {
    const counts = new Array<bigint>(asked.length);
    for (const group of grouped([...asked.entries()], ([, { narrowed }]) => shapeOf({ first: 0 }, narrowed)).values()) {
      const [, { narrowed }] = group[0] as (typeof group)[number];
      const sql = `SELECT asked.key AS place, (SELECT COUNT(*) FROM ${rows.table} n WHERE ${conditions("n", narrowed).join(" AND ")}) AS count
        FROM json_each(?) asked`;
      const parameters = group.map(([, one]) => ({ accountId: one.accountId, ...one.narrowed }));
      for (const { place, count } of await reader.all<{ place: number; count: number }>(sql, [JSON.stringify(parameters)])) {
        const [at] = group[place] as (typeof group)[number];
        counts[at] = BigInt(count);
      }
    }
    return counts;
  };

  const page = together(readPages);
  const count = together(readCounts);
  return {
    page: (accountId, request, narrowed = {}) => page({ accountId, request, narrowed }),
    count: (accountId, narrowed = {}) => count({ accountId, narrowed }),
  };
}

const valuesOf = <R>(narrowed: Narrowing<R>) =>
  Object.entries(narrowed).filter(([, value]) => value !== undefined) as [keyof R & string, string][];

/** Pages of one shape differ only in their account, their cursor and their values, and are read by the same text. */
const shapeOf = <R>({ first, after }: PageRequest, narrowed: Narrowing<R>): string =>
  [first, after === undefined, ...valuesOf(narrowed).map(([name]) => name)].join();
