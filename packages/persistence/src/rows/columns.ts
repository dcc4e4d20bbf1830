import type { EntitySchemaColumnOptions } from "typeorm";

/** Column kinds that SQLite and PostgreSQL share. Only `blob` is called otherwise in PostgreSQL (bytea). */
export const id = { type: "varchar", length: 64 } as const;
/** A short word of our own: an enum value, a version, a digest. */
export const word = { type: "varchar", length: 64 } as const;
export const text = { type: "text" } as const;
/** A JSON document without dates, as text. */
export const json = { type: "text" } as const;
export const int4 = { type: "integer" } as const;
/** Times in ms since 1970, and counts up to 2^53. PostgreSQL's driver answers a bigint as a string. */
export const int8 = {
  type: "bigint",
  transformer: {
    to: (value: unknown) => value,
    from: (value: number | string | null) => (value === null ? null : Number(value)),
  },
} as const;
export const bool = { type: "boolean" } as const;
export const blob = { type: "blob" } as const;

export const primary = <C extends EntitySchemaColumnOptions>(column: C) => ({ ...column, primary: true });
export const optional = <C extends EntitySchemaColumnOptions>(column: C) => ({ ...column, nullable: true });
