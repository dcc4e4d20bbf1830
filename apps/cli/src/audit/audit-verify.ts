import { stat } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { StoreError } from "@ekm/ekm";
import { type AuditReader, openAuditReader } from "@ekm/persistence";
import { EXIT, type ExitStatus } from "../exit-status.js";
import type { Terminal } from "../terminal.js";
import { reportAsJson, reportAsText } from "./report.js";
import { type AccountResult, verifyAccount } from "./verify-account.js";

export const AUDIT_VERIFY_HELP = `ekm audit verify --database FILE [--account ID] [--json]

Checks the hash chain of every account's audit log, entry by entry, and that it ends where it should. Names the first entry of
an account that was edited, removed, moved or added. The database may be in use, or be a copy; nothing is changed in it.

  --database FILE   the SQLite file
  --account ID      this account alone
  --json            the result as JSON, with every chain's last entry: kept elsewhere, it shows later whether a whole
                    chain was written anew

Exit status: 0 all chains are whole, 1 a chain is broken, 2 wrong usage, 3 the database cannot be used.`;

interface Options {
  readonly database: string;
  readonly account?: string;
  readonly json: boolean;
}

/** A wrong use of the command; the message says what is wrong. */
class UsageError extends Error {}

export async function auditVerify(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  try {
    const { database, account, json } = readOptions(args);
    await mustBeFile(database);
    const reader = await openAuditReader({ sqlitePath: path.resolve(database) });
    try {
      const results = await verifyAll(reader, account, terminal);
      terminal.out(json ? reportAsJson(results) : reportAsText(results));
      return results.every(({ finding }) => finding === null) ? EXIT.OK : EXIT.FOUND;
    } finally {
      await reader.close();
    }
  } catch (error) {
    terminal.progress?.("");
    if (error instanceof UsageError) {
      terminal.error(`ekm audit verify: ${error.message}\n\n${AUDIT_VERIFY_HELP}`);
      return EXIT.BAD_USAGE;
    }
    if (error instanceof StoreError) {
      terminal.error(`ekm audit verify: the database cannot be used: ${error.message}`);
      return EXIT.DATABASE_UNUSABLE;
    }
    throw error;
  }
}

function readOptions(args: readonly string[]): Options {
  let values: { database?: string; account?: string; json?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { database: { type: "string" }, account: { type: "string" }, json: { type: "boolean" } },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { database, account, json = false } = values;
  if (database === undefined || database === "") throw new UsageError("--database is missing");
  return { database, json, ...(account === undefined ? {} : { account }) };
}

/** SQLite would make a file that is missing, or its directory. */
async function mustBeFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: Error) => {
    throw new StoreError(error.message);
  });
  if (!found.isFile()) throw new StoreError(`${file} is not a file`);
}

async function verifyAll(
  reader: AuditReader,
  account: string | undefined,
  terminal: Terminal,
): Promise<readonly AccountResult[]> {
  const known = await reader.accountIds();
  if (account !== undefined && !known.includes(account)) throw new UsageError(`there is no account ${account} in this database`);
  const wanted = account === undefined ? known : [account];
  const results: AccountResult[] = [];
  for (const [n, id] of wanted.entries()) {
    const show = (entries: number) => terminal.progress?.(`account ${n + 1} of ${wanted.length}, ${entries} entries`);
    results.push(await reader.snapshot((log) => verifyAccount(log, id, show)));
  }
  terminal.progress?.("");
  return results;
}
