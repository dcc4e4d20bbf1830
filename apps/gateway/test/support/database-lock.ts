import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

const driver = createRequire(new URL("../../../../packages/persistence/package.json", import.meta.url)).resolve("sqlite3");

const HOLD = `
const sqlite3 = require(process.argv[1]);
const database = new sqlite3.Database(process.argv[2]);
database.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE", (error) => {
  if (error) throw error;
  console.log("held");
});
process.stdin.on("end", () => database.exec("ROLLBACK", () => database.close())).resume();
`;

/** Another process that holds the database's write lock, until `release`. */
export async function lockDatabase(file: string): Promise<{ release(): Promise<void> }> {
  const child = spawn(process.execPath, ["-e", HOLD, driver, file], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  await Promise.race([
    once(child.stdout, "data"),
    exited.then(([code]) => {
      throw new Error(`the process that should hold the lock ended with ${code}`);
    }),
  ]);
  return {
    async release() {
      child.stdin.end();
      await exited;
    },
  };
}
