import { type Page, type PageRequest, StoreError } from "../../src/ports/store.js";

export const ownedBy = <T extends { readonly accountId: string }>(table: Map<string, T>, accountId: string): T[] =>
  [...table.values()].filter((row) => row.accountId === accountId);

export const byIdDescending = (a: { id: string }, b: { id: string }) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

export function pageOf<T extends { readonly id: string }>(rows: readonly T[], request: PageRequest): Page<T> {
  const { after, first } = request;
  const rest = rows.filter((row) => after === undefined || row.id < after).sort(byIdDescending);
  return { items: rest.slice(0, first), hasNextPage: rest.length > first };
}

export function insertRow<T extends { readonly id: string }>(table: Map<string, T>, row: T): void {
  if (table.has(row.id)) throw new StoreError(`duplicate id ${row.id}`);
  table.set(row.id, row);
}
