import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { type AuditReader, openAuditReader } from "@ekm/persistence";
import { mustBeDatabaseFile } from "../database-file.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { readOptions, required, UsageError } from "../options.js";
import type { Terminal } from "../terminal.js";
import { LogIndex } from "./cloudtrail/log-index.js";
import { match } from "./cloudtrail/match.js";
import { readTrail, UnreadableFile } from "./cloudtrail/read-trail.js";
import { reportAsJson, reportAsText } from "./cloudtrail/report.js";
import { auditCommand } from "./command-errors.js";
import { readEntries } from "./read-lines.js";

export const AUDIT_MATCH_HELP = `ekm audit match --cloudtrail FILE|DIR --vendor AWS-ACCOUNT-ID (--database FILE | --file FILE|DIR) [--account ID] [--json]

Compares the audit log with CloudTrail, by AWS request id: which requests both have, which only one of them. Calls that are not
audited one by one (key leases, health probes) are told apart by operation, encryption context and the jobs under way, and counted.
A call by the vendor's AWS account that nothing explains is the finding. AWS logs a cross-account call that was denied in the
caller's account only: in the key owner's trail such requests of our log are missing, and the report says so.

  --cloudtrail PATH  a CloudTrail log file, {"Records": [...]}, as JSON or gzipped, or a directory of them; the vendor's trail,
                     the key owner's, or both
  --vendor ID        the vendor's AWS account id (12 digits)
  --database FILE    the SQLite file
  --file PATH        what 'ekm audit export' wrote, or a directory of such files (.jsonl), instead of the database
  --account ID       this account alone
  --json             the result as JSON

Verify the log first: this command takes its entries as they stand.

Exit status: 0 every call is explained, 1 one is not, 2 wrong usage, 3 the database cannot be used, 5 a file cannot be read.`;

const CHUNK = 1_000;

export const auditMatch = (args: readonly string[], terminal: Terminal): Promise<ExitStatus> =>
  auditCommand({ name: "match", help: AUDIT_MATCH_HELP, terminal }, async () => {
    const { json = false, ...given } = readOptions(args, {
      ...{ cloudtrail: "string", vendor: "string", database: "string", file: "string", account: "string", json: "boolean" },
    });
    const cloudtrail = required("cloudtrail", given.cloudtrail);
    const vendor = required("vendor", given.vendor);
    if (!/^\d{12}$/.test(vendor)) throw new UsageError("--vendor is an AWS account id of 12 digits");
    if ((given.database === undefined) === (given.file === undefined)) {
      throw new UsageError("either --database or --file is needed");
    }
    const log = given.file === undefined ? await fromDatabase(required("database", given.database)) : await fromFiles(given.file);
    const { account } = given;
    if (account !== undefined && !log.knows(account)) throw new UsageError(`there is no account ${account} in this log`);
    const result = await match({ log, records: readTrail(cloudtrail), vendor, account });
    if (result.trail.records === 0) throw new UnreadableFile(`there is no record of AWS KMS in ${cloudtrail}`);
    terminal.out(json ? reportAsJson(result) : reportAsText(result));
    return result.unexplained.length === 0 ? EXIT.OK : EXIT.FOUND;
  });

async function fromDatabase(file: string): Promise<LogIndex> {
  await mustBeDatabaseFile(file);
  const reader = await openAuditReader({ sqlitePath: path.resolve(file) });
  try {
    const log = new LogIndex();
    for (const accountId of await reader.accountIds()) await addAccount(log, reader, accountId);
    for (let after = ""; ; ) {
      const intents = await reader.intents(after, CHUNK);
      for (const intent of intents) log.addIntent(intent);
      const end = intents.at(-1)?.id;
      if (end === undefined) return log;
      after = end;
    }
  } finally {
    await reader.close();
  }
}

const addAccount = (log: LogIndex, reader: AuditReader, accountId: string): Promise<void> =>
  reader.snapshot(async ({ chain }) => {
    for (let after = 0; ; ) {
      const entries = await chain(accountId, after, CHUNK);
      for (const { event } of entries) if (event !== null) log.addEntry(event);
      const end = entries.at(-1)?.sequence;
      if (end === undefined) return;
      after = end;
    }
  });

async function fromFiles(location: string): Promise<LogIndex> {
  const files = (await stat(location)).isDirectory()
    ? (await readdir(location)).filter((name) => name.endsWith(".jsonl")).map((name) => path.join(location, name))
    : [location];
  const log = new LogIndex();
  for (const file of files) {
    for await (const event of readEntries(file)) {
      if (event === null) throw new UnreadableFile(`${file} has a line that is no audit entry`);
      log.addEntry(event);
    }
  }
  return log;
}
