import path from "node:path";
import { StoreError } from "@ekm/ekm";
import { type AuditReader, openAuditReader } from "@ekm/persistence";
import { mustBeDatabaseFile } from "../database-file.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { readOptions, required, UsageError } from "../options.js";
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

export async function auditVerify(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  try {
    const given = readOptions(args, { database: "string", account: "string", json: "boolean" });
    const { account, json = false } = given;
    const database = required("database", given.database);
    await mustBeDatabaseFile(database);
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
