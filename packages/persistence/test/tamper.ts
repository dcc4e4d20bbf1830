import sqlite3 from "sqlite3";

/** What somebody does to the file who does not go through the product. */
export async function withRawConnection(file: string, ...statements: readonly string[]): Promise<void> {
  const database = new sqlite3.Database(file);
  await new Promise<void>((resolve, reject) => {
    database.exec(statements.join(";"), (error) => (error === null ? resolve() : reject(error)));
  });
  await new Promise<void>((resolve, reject) => {
    database.close((error) => (error === null ? resolve() : reject(error)));
  });
}
