import { userInfo } from "node:os";
import path from "node:path";
import { createIds, StoreError, systemClock } from "@ekm/ekm";
import { openAuditReader, openStore } from "@ekm/persistence";
import { createFileObjectStore, StorageError } from "@ekm/vault";
import { mustBeDatabaseFile } from "../database-file.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { isFileError } from "../file-error.js";
import { readOptions, required, UsageError } from "../options.js";
import type { Terminal } from "../terminal.js";
import { checkStore } from "./check-store.js";
import { collectKit } from "./collect-kit.js";
import { writeKit } from "./write-kit.js";

export const EXIT_KIT_EXPORT_HELP = `ekm exit-kit export --account ID --database FILE --store DIR --out DIR [--by NAME]

Writes what the account's customer needs to read the backups without us: the account keys as their KMS key encrypted them, with
encryption contexts and key ARNs, and which manifest belongs to which backup; a description of the format, a reader in Python and
a README. No key in clear, and no AWS call. The account must be in Enterprise Key Management. The export is noted in the account's audit log.

  --account ID      whose kit
  --database FILE   the SQLite file
  --store DIR       the object store; manifests and key records are compared with the database
  --out DIR         a new directory
  --by NAME         who exports, for the audit log; your user name by default

Exit status: 0 written and whole, 1 written but something that it refers to is missing or changed (or, where nothing was written,
the account is not in Enterprise Key Management), 2 wrong usage, 3 the database cannot be used, 5 the store or DIR cannot be used.`;

export async function exitKitExport(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const refuse = (status: ExitStatus, message: string): ExitStatus => {
    terminal.progress?.("");
    terminal.error(`ekm exit-kit export: ${message}`);
    return status;
  };
  try {
    const options = exportOptions(args);
    await mustBeDatabaseFile(options.database);
    await mustKnow(options.account, options.database);
    const store = await openStore({ sqlitePath: options.database, clock: systemClock, ids: createIds(systemClock) });
    try {
      const collected = await collectKit(store, systemClock, options.account, `operator:${options.by}`);
      if (collected.kind === "no-account") throw noAccount(options.account);
      if (collected.kind === "not-enterprise") {
        return refuse(
          EXIT.FOUND,
          "the account's keys are wrapped by the vendor's key: there is nothing that its customer could open",
        );
      }
      const { kit } = collected;
      const sha256 = await writeKit(options.out, kit);
      const total = kit.backups.length;
      const show = (n: number) => terminal.progress?.(`manifest ${n + 1} of ${total}`);
      const problems = [...collected.problems, ...(await checkStore(createFileObjectStore(options.store), kit, show))];
      terminal.progress?.("");
      terminal.out(`${options.out}: ${kit.generations.length} generations of the key, ${total} backups`);
      terminal.out(`SHA-256 of kit.json: ${sha256}`);
      for (const found of problems) terminal.error(found);
      return problems.length === 0 ? EXIT.OK : EXIT.FOUND;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof UsageError) return refuse(EXIT.BAD_USAGE, `${error.message}\n\n${EXIT_KIT_EXPORT_HELP}`);
    if (error instanceof StoreError) return refuse(EXIT.DATABASE_UNUSABLE, `the database cannot be used: ${error.message}`);
    if (error instanceof StorageError || isFileError(error)) return refuse(EXIT.FILES_UNUSABLE, error.message);
    throw error;
  }
}

const noAccount = (account: string): UsageError => new UsageError(`there is no account ${account} in this database`);

/** Asked of a connection that reads only: opening a store to write would give any file the product's tables. */
async function mustKnow(account: string, sqlitePath: string): Promise<void> {
  const reader = await openAuditReader({ sqlitePath });
  try {
    if (!(await reader.accountIds()).includes(account)) throw noAccount(account);
  } finally {
    await reader.close();
  }
}

function exportOptions(args: readonly string[]) {
  const text = "string" as const;
  const given = readOptions(args, { account: text, database: text, store: text, out: text, by: text });
  return {
    account: required("account", given.account),
    database: path.resolve(required("database", given.database)),
    store: path.resolve(required("store", given.store)),
    out: path.resolve(required("out", given.out)),
    by: given.by ?? userInfo().username,
  };
}
