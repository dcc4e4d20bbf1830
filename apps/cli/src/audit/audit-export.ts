import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type AuditEvent, checkpointName } from "@ekm/ekm";
import { type AuditSnapshot, openAuditReader } from "@ekm/persistence";
import { mustBeDatabaseFile } from "../database-file.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { readOptions, required, UsageError } from "../options.js";
import type { Terminal } from "../terminal.js";
import { auditCommand } from "./command-errors.js";
import { toLine } from "./entry-line.js";

export const AUDIT_EXPORT_HELP = `ekm audit export --database FILE --account ID [--from X] [--to X] [--checkpoints DIR] > audit.jsonl

Writes an account's audit log, one entry a line as JSON with all that its hash is made of: 'ekm audit verify --file' checks it
without the database, and so does a short program of anybody's own (docs/audit.md).

  --database FILE    the SQLite file
  --account ID       whose log
  --from X, --to X   from and to an entry, by its number or by a time (ISO 8601)
  --checkpoints DIR  also writes the account's signed checkpoints there, out of the database; compare them with those that were
                     exported while the log grew

Exit status: 0 written, 1 an entry cannot be read, 2 wrong usage, 3 the database cannot be used, 5 DIR cannot be written.`;

const CHUNK = 1_000;

type Bound = { readonly sequence: number } | { readonly at: Date } | null;

export const auditExport = (args: readonly string[], terminal: Terminal): Promise<ExitStatus> =>
  auditCommand({ name: "export", help: AUDIT_EXPORT_HELP, terminal }, async () => {
    const given = readOptions(args, {
      ...{ database: "string", account: "string", from: "string", to: "string", checkpoints: "string" },
    });
    const database = required("database", given.database);
    const account = required("account", given.account);
    const [from, to] = [boundOf("from", given.from), boundOf("to", given.to)];
    await mustBeDatabaseFile(database);
    const reader = await openAuditReader({ sqlitePath: path.resolve(database) });
    try {
      if (!(await reader.accountIds()).includes(account)) throw new UsageError(`there is no account ${account} in this database`);
      return await reader.snapshot(async (log) => {
        const unreadable = await writeEntries(log, account, { from, to }, terminal);
        if (unreadable !== null) {
          terminal.error(`ekm audit export: entry ${unreadable} cannot be read; 'ekm audit verify' says more`);
          return EXIT.FOUND;
        }
        if (given.checkpoints !== undefined) await writeCheckpoints(log, account, given.checkpoints);
        return EXIT.OK;
      });
    } finally {
      await reader.close();
    }
  });

function boundOf(name: string, text: string | undefined): Bound {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,14}$/.test(text)) return { sequence: Number(text) };
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new UsageError(`--${name} is an entry's number or a time`);
  return { at };
}

const isBefore = ({ sequence, at }: AuditEvent, bound: Bound): boolean =>
  bound !== null && ("sequence" in bound ? sequence < bound.sequence : at < bound.at);
const isAfter = ({ sequence, at }: AuditEvent, bound: Bound): boolean =>
  bound !== null && ("sequence" in bound ? sequence > bound.sequence : at > bound.at);

/** From the first entry that is not before `from` to the last one ahead of the first that is after `to`. Answers what cannot be read. */
async function writeEntries(
  log: AuditSnapshot,
  account: string,
  { from, to }: { readonly from: Bound; readonly to: Bound },
  { out }: Terminal,
): Promise<number | null> {
  let begun = false;
  let after = from !== null && "sequence" in from ? from.sequence - 1 : 0;
  for (;;) {
    const entries = await log.chain(account, after, CHUNK);
    for (const { sequence, event } of entries) {
      if (event === null) return sequence;
      begun ||= !isBefore(event, from);
      if (!begun) continue;
      if (isAfter(event, to)) return null;
      out(toLine(event));
    }
    const end = entries.at(-1)?.sequence;
    if (end === undefined) return null;
    after = end;
  }
}

async function writeCheckpoints(log: AuditSnapshot, accountId: string, directory: string): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await log.checkpoints(accountId, after, CHUNK);
    for (const { sequence, jws } of rows) {
      const file = path.join(directory, checkpointName({ accountId, sequence }));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, jws, { flag: "wx" });
    }
    const end = rows.at(-1)?.sequence;
    if (end === undefined) return;
    after = end;
  }
}
