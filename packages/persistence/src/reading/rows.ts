import type { DataSource, EntitySchema } from "typeorm";

/** How the rows of one table are selected by hand and made into what TypeORM would make of them. */
export interface Rows<R> {
  readonly table: string;
  /** The columns of `alias`, under their names in code. */
  columns(alias: string): string;
  /** A column's name in the database. */
  column(property: keyof R & string): string;
  fromStored(stored: R): R;
}

/** SQLite has no booleans: they come as 0 and 1. All else is stored as the rows have it. */
export function rowsOf<R extends object>(source: DataSource, schema: EntitySchema<R>): Rows<R> {
  const { columns, tableName } = source.getMetadata(schema);
  const names = new Map(columns.map(({ propertyName, databaseName }) => [propertyName, databaseName]));
  const booleans = columns.filter(({ type }) => type === "boolean").map(({ propertyName }) => propertyName as keyof R);
  return {
    table: tableName,
    columns: (alias) => [...names].map(([property, name]) => `${alias}.${name} AS "${property}"`).join(", "),
    column(property) {
      const name = names.get(property);
      if (name === undefined) throw new Error(`${tableName} has no column for ${property}`);
      return name;
    },
    fromStored(stored) {
      const row = stored as Record<keyof R, unknown>;
      for (const property of booleans) if (row[property] !== null) row[property] = row[property] === 1;
      return stored;
    },
  };
}
