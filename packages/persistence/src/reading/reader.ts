import type sqlite3 from "sqlite3";

/** Runs the product's own SELECTs on one read-only connection. */
export interface Reader {
  /** `sql` is one of a fixed set of texts: each is kept prepared. Rejects with the driver's error. */
  all<R>(sql: string, parameters: readonly unknown[]): Promise<readonly R[]>;
  /** To be called before the connection is closed, which SQLite refuses while a statement is kept. */
  close(): Promise<void>;
}

/**
 * A statement is prepared once: the driver's one-off calls go to its thread twice, and compile the text each time. Always read to the
 * end, so that no statement holds on to its snapshot.
 */
export function createReader(database: sqlite3.Database): Reader {
  const statements = new Map<string, Promise<sqlite3.Statement>>();

  const prepare = (sql: string) =>
    new Promise<sqlite3.Statement>((resolve, reject) => {
      const statement: sqlite3.Statement = database.prepare(sql, (error: Error | null) =>
        error === null ? resolve(statement) : reject(error),
      );
    });

  const prepared = (sql: string): Promise<sqlite3.Statement> => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const preparing = prepare(sql);
    statements.set(sql, preparing);
    preparing.catch(() => statements.delete(sql));
    return preparing;
  };

  return {
    async all<R>(sql: string, parameters: readonly unknown[]) {
      const statement = await prepared(sql);
      return new Promise<readonly R[]>((resolve, reject) => {
        statement.all<R>([...parameters], (error, rows) => (error === null ? resolve(rows) : reject(error)));
      });
    },
    async close() {
      const open = await Promise.allSettled(statements.values());
      statements.clear();
      for (const one of open) if (one.status === "fulfilled") await new Promise<void>((done) => one.value.finalize(() => done()));
    },
  };
}
