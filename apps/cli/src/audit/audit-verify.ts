import path from "node:path";
import { type AuditReader, openAuditReader, type StoredCheckpoint } from "@ekm/persistence";
import { mustBeDatabaseFile } from "../database-file.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { readOptions, required, UsageError } from "../options.js";
import type { Terminal } from "../terminal.js";
import { type CheckpointFiles, openCheckpointFiles } from "./checkpoints/archive.js";
import { compareRounds } from "./checkpoints/compare-rounds.js";
import { readKeys, type VerificationKeys } from "./checkpoints/read-keys.js";
import { verifyCheckpoints } from "./checkpoints/verify-checkpoints.js";
import { type RoundsResult, verifyRounds } from "./checkpoints/verify-rounds.js";
import { auditCommand } from "./command-errors.js";
import { isIntact, reportAsJson, reportAsText, type VerifyResult } from "./report.js";
import { type AccountResult, verifyAccount } from "./verify-account.js";
import { verifyFile } from "./verify-file.js";

export const AUDIT_VERIFY_HELP = `ekm audit verify --database FILE [--account ID] [--checkpoints DIR --keys JWKS] [--max-age MINUTES] [--json]
ekm audit verify --file AUDIT.jsonl [--part] [--checkpoints DIR --keys JWKS] [--json]

Checks the hash chain of every account's audit log, entry by entry, and that it ends where it should. Names the first entry of
an account that was edited, removed, moved or added. With checkpoints, which were signed and exported while the log grew, also
names a chain that was written anew, an end or a whole account that was removed, an older copy of the database, and checkpoints
that were removed, replaced or signed by somebody else. The database may be in use, or be a copy; nothing is changed in it.

  --database FILE    the SQLite file
  --file FILE        what 'ekm audit export' wrote, instead of the database
  --part             the file is known to hold a part of the log
  --account ID       this account alone
  --checkpoints DIR  the exported checkpoints (audit-checkpoints)
  --keys JWKS        the public keys that sign them, as the gateway publishes them under /.well-known/ekm-keys.json; take them
                     from somewhere else than the log
  --max-age MINUTES  the last round of checkpoints must not be older
  --json             the result as JSON, with every chain's last entry

Exit status: 0 all is as it was written, 1 something is not, 2 wrong usage, 3 the database cannot be used, 5 checkpoints, keys or
file cannot be read.`;

const CHUNK = 1_000;

interface Signed {
  readonly files: CheckpointFiles;
  readonly keys: VerificationKeys;
  /** Null: one account's checkpoints, which came without the rounds of all. */
  readonly rounds: RoundsResult | null;
}

export const auditVerify = (args: readonly string[], terminal: Terminal): Promise<ExitStatus> =>
  auditCommand({ name: "verify", help: AUDIT_VERIFY_HELP, terminal }, async () => {
    const result = await verify(args, terminal);
    terminal.progress?.("");
    terminal.out(result.json ? reportAsJson(result) : reportAsText(result));
    return isIntact(result) ? EXIT.OK : EXIT.FOUND;
  });

async function verify(args: readonly string[], terminal: Terminal): Promise<VerifyResult & { readonly json: boolean }> {
  const given = readOptions(args, {
    ...{ database: "string", file: "string", account: "string", checkpoints: "string", keys: "string", "max-age": "string" },
    ...{ json: "boolean", part: "boolean" },
  });
  const { json = false, file } = given;
  if ((given.checkpoints === undefined) !== (given.keys === undefined)) {
    throw new UsageError("--checkpoints and --keys belong together");
  }
  if ((given.part || file !== undefined) && (given.database !== undefined || given.account !== undefined)) {
    throw new UsageError("--file is read instead of --database and --account, and --part belongs to it");
  }
  const maxAge = minutesOf(given["max-age"]);
  if (maxAge !== null && given.checkpoints === undefined) throw new UsageError("--max-age needs --checkpoints");
  const one = file !== undefined || given.account !== undefined;
  if (file !== undefined) {
    const signed = await readSigned(given, one, maxAge);
    const show = (entries: number) => terminal.progress?.(`${entries} entries`);
    const account = await verifyFile(file, {
      part: given.part ?? false,
      checkpointsOf: signed && (async (accountId) => checkpointsOf(signed, accountId, null)),
      onProgress: show,
    });
    return { json, accounts: [account], rounds: signed?.rounds ?? null };
  }
  const database = required("database", given.database);
  await mustBeDatabaseFile(database);
  // The export before the database: what was exported was in the database before.
  const signed = await readSigned(given, one, maxAge);
  const reader = await openAuditReader({ sqlitePath: path.resolve(database) });
  try {
    const accounts = await verifyAll(reader, given.account, signed, terminal);
    const rounds = signed?.rounds ?? null;
    const compared = rounds && (await compareRounds(reader, rounds));
    return { json, accounts, rounds: rounds && { ...rounds, findings: [...rounds.findings, ...(compared ?? [])] } };
  } finally {
    await reader.close();
  }
}

function minutesOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new UsageError("--max-age is a number of minutes");
  return minutes;
}

async function readSigned(
  { checkpoints, keys: file }: { readonly checkpoints?: string; readonly keys?: string },
  one: boolean,
  maxAge: number | null,
): Promise<Signed | null> {
  if (checkpoints === undefined || file === undefined) return null;
  const keys = await readKeys(file);
  const files = await openCheckpointFiles(checkpoints);
  const rounds = await verifyRounds(files, keys, maxAge === null ? null : new Date(Date.now() - maxAge * 60_000));
  const none = rounds.verified === 0 && rounds.findings.every(({ round }) => round === 1);
  return { files, keys, rounds: one && none && maxAge === null ? null : rounds };
}

const checkpointsOf = async ({ files, keys, rounds }: Signed, accountId: string, rows: readonly StoredCheckpoint[] | null) =>
  verifyCheckpoints({ accountId, files: await files.ofAccount(accountId), keys, rounds, rows });

async function verifyAll(
  reader: AuditReader,
  account: string | undefined,
  signed: Signed | null,
  terminal: Terminal,
): Promise<readonly AccountResult[]> {
  const stored = await reader.accountIds();
  const exported = signed === null ? [] : [...(await signed.files.accountIds()), ...(signed.rounds?.listed.keys() ?? [])];
  const known = [...new Set([...stored, ...exported])].sort();
  if (account !== undefined && !known.includes(account)) throw new UsageError(`there is no account ${account} in this database`);
  const wanted = account === undefined ? known : [account];
  const results: AccountResult[] = [];
  for (const [n, id] of wanted.entries()) {
    const show = (entries: number) => terminal.progress?.(`account ${n + 1} of ${wanted.length}, ${entries} entries`);
    const files = signed && (await signed.files.ofAccount(id));
    const result = await reader.snapshot(async (log) => {
      const rows: StoredCheckpoint[] = [];
      for (let page = signed ? await log.checkpoints(id, 0, CHUNK) : []; page.length > 0; ) {
        rows.push(...page);
        page = await log.checkpoints(id, page.at(-1)?.sequence ?? 0, CHUNK);
      }
      const checkpoints =
        signed && files && verifyCheckpoints({ accountId: id, files, keys: signed.keys, rounds: signed.rounds, rows });
      return verifyAccount(log, id, checkpoints, show);
    });
    results.push(result);
  }
  return results;
}
