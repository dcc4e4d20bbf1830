import { StoreError } from "@ekm/ekm";

export const toMs = (date: Date | undefined): number | null => (date === undefined ? null : date.getTime());
export const fromMs = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Counts of bytes and items are stored as whole numbers up to 2^53 (9 PB). Throws StoreError beyond. */
export function toCount(value: bigint): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count)) throw new StoreError("a count beyond 2^53 cannot be stored");
  return count;
}
export const toOptionalCount = (value: bigint | undefined): number | null => (value === undefined ? null : toCount(value));
export const fromCount = (value: number | null): bigint | null => (value === null ? null : BigInt(value));

export const toJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
export const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

/** Optional fields of a domain object are absent, never undefined: leaves out what is null. */
export function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** A column that this kind of row must have. Throws StoreError: the row was not written by us. */
export function required<T>(value: T | null, column: string): T {
  if (value === null) throw new StoreError(`a stored row lacks ${column}`);
  return value;
}
