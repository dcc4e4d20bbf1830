import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Account, createIds, systemClock } from "@ekm/ekm";
import { openStore } from "@ekm/persistence";
import sqlite3 from "sqlite3";
import { runCommand } from "../src/command-line.js";

const clock = systemClock;
const ids = createIds(clock);

export async function temporaryDirectory() {
  const directory = await mkdtemp(path.join(tmpdir(), "ekm-cli-"));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** A database of the product's own making, with so many audit entries in each account. */
export async function createDatabase(file: string, entries: readonly number[]): Promise<readonly string[]> {
  const store = await openStore({ sqlitePath: file, clock, ids });
  const accounts: string[] = [];
  for (const count of entries) {
    const account: Account = {
      id: ids.next("acc"),
      name: "Acme",
      createdAt: clock.now(),
      ekm: { status: "NOT_ACTIVATED" },
      keyEpoch: 1,
      version: 1,
    };
    await store.transaction(async (tx) => {
      await tx.accounts.insert(account);
      for (let n = 1; n <= count; n += 1) {
        const detail = `Backup ${n} was requested.`;
        await tx.audit.append(account.id, clock.now(), {
          actor: "ada",
          action: "BACKUP",
          outcome: "DONE",
          detail,
          awsRequestIds: ["r1"],
        });
      }
    });
    accounts.push(account.id);
  }
  await store.close();
  return accounts;
}

/** What somebody does to the file who does not go through the product. */
export async function tamper(file: string, ...statements: readonly string[]): Promise<void> {
  const database = new sqlite3.Database(file);
  const settle = (resolve: () => void, reject: (error: Error) => void) => (error: Error | null) =>
    error ? reject(error) : resolve();
  await new Promise<void>((resolve, reject) => database.exec(statements.join(";"), settle(resolve, reject)));
  await new Promise<void>((resolve, reject) => database.close(settle(resolve, reject)));
}

/** The command in this process. */
export async function ekm(...args: readonly string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const progress: string[] = [];
  const status = await runCommand(args, {
    out: (line) => out.push(line),
    error: (line) => error.push(line),
    progress: (line) => progress.push(line),
  });
  return { status, out: out.join("\n"), error: error.join("\n"), progress };
}

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** The built command, in a process of its own, without any of this one's environment. */
export const ekmProcess = (...args: readonly string[]) => ekmProcessIn({}, ...args);

export async function ekmProcessIn(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  const output = { out: "", error: "" };
  child.stdout.on("data", (text) => {
    output.out += text;
  });
  child.stderr.on("data", (text) => {
    output.error += text;
  });
  const [status] = await once(child, "close");
  return { status: status as number | null, ...output };
}
