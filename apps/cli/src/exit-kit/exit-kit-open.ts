import { randomBytes } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { ERROR_CATALOG, type KeyService, type KmsFailure, systemClock } from "@ekm/ekm";
import { CALL_LIMITS, createKmsAws, type KmsAws } from "@ekm/kms-aws";
import {
  createFileObjectStore,
  type JobControl,
  type RestoredBackup,
  runRestore,
  StorageError,
  type VaultOutcome,
} from "@ekm/vault";
import { type Environment, readEnvironment } from "../environment.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { isFileError } from "../file-error.js";
import { readOptions, required, UsageError } from "../options.js";
import type { Terminal } from "../terminal.js";
import { decodeKit, KIT_FILE, type Kit } from "./kit.js";
import { createKitKeys } from "./kit-keys.js";

export const EXIT_KIT_OPEN_HELP = `ekm exit-kit open --kit DIR --store DIR --backup ID --target DIR [--overwrite]

Restores a backup with an exit kit and a copy of the objects: without the database and without any service of ours. The account key is
opened by AWS KMS with the credentials that the AWS SDK finds (AWS_ACCESS_KEY_ID, AWS_PROFILE, ...), which are yours: they need
kms:Decrypt on the key that the kit names. EKM_KMS_ENDPOINT: another address of KMS.

  --kit DIR       the kit
  --store DIR     the directory that the objects lie in, as their names say
  --backup ID     one of the kit's backups
  --target DIR    appears whole or not at all
  --overwrite     the target may exist, and is replaced

Exit status: 0 restored, 1 the backup is not what the kit says (damaged, replaced, incomplete) or the restore was interrupted, 2 wrong
usage, 4 KMS does not open the key, 5 the kit, the store or the target cannot be used.`;

/** Calls in flight for one key: this opens one at a time. */
const CONCURRENCY = 1;

export async function exitKitOpen(
  args: readonly string[],
  terminal: Terminal,
  environment: Environment = readEnvironment(),
): Promise<ExitStatus> {
  const refuse = (status: ExitStatus, message: string): ExitStatus => {
    terminal.error(`ekm exit-kit open: ${message}`);
    return status;
  };
  try {
    const options = openOptions(args);
    const kit = decodeKit(await readFile(path.join(options.kit, KIT_FILE), "utf8"));
    if ("wrong" in kit) return refuse(EXIT.FILES_UNUSABLE, `${KIT_FILE} is not an exit kit: ${kit.wrong}`);
    const outcome = await restore(kit, options, environment, terminal);
    terminal.progress?.("");
    switch (outcome.kind) {
      case "done":
        terminal.out(`${options.target}: ${outcome.value.bytesReleased} bytes, content digest ${outcome.value.contentDigest}`);
        return EXIT.OK;
      case "key":
        return refuse(EXIT.KEY_UNUSABLE, asText(outcome.failure));
      case "stopped":
        return refuse(EXIT.FOUND, "interrupted; nothing was restored");
      case "fault": {
        const { code, message } = outcome.fault;
        const isDamage = code === "BACKUP_CORRUPT" || code === "BACKUP_NOT_RESTORABLE";
        return refuse(isDamage ? EXIT.FOUND : EXIT.FILES_UNUSABLE, `${code}: ${message}`);
      }
    }
  } catch (error) {
    if (error instanceof UsageError) return refuse(EXIT.BAD_USAGE, `${error.message}\n\n${EXIT_KIT_OPEN_HELP}`);
    if (error instanceof StorageError || isFileError(error)) return refuse(EXIT.FILES_UNUSABLE, error.message);
    throw error;
  }
}

interface OpenOptions {
  readonly kit: string;
  readonly store: string;
  readonly backup: string;
  readonly target: string;
  readonly overwrite: boolean;
}

function openOptions(args: readonly string[]): OpenOptions {
  const text = "string" as const;
  const given = readOptions(args, { kit: text, store: text, backup: text, target: text, overwrite: "boolean" });
  return {
    kit: path.resolve(required("kit", given.kit)),
    store: path.resolve(required("store", given.store)),
    backup: required("backup", given.backup),
    target: path.resolve(required("target", given.target)),
    overwrite: given.overwrite ?? false,
  };
}

async function restore(
  kit: Kit,
  options: OpenOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<VaultOutcome<RestoredBackup, KmsFailure>> {
  const backup = kit.backups.find(({ id }) => id === options.backup);
  if (backup === undefined) throw new UsageError(`the kit lists no backup ${options.backup}`);
  const target = path.join(await realpath(path.dirname(options.target)), path.basename(options.target));
  const objects = createFileObjectStore(options.store);
  const kms = createKmsByRegion(environment);
  const keys = createKitKeys(kit, kms.keyServiceOf, objects);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort("cancelled");
  process.once("SIGINT", stop);
  const control: JobControl = {
    signal: interrupt.signal,
    progress: ({ bytesDone, bytesTotal }) => terminal.progress?.(`${bytesDone} of ${bytesTotal ?? "?"} bytes`),
  };
  const request = {
    ...{ accountId: kit.accountId, backupId: backup.id, restoreId: `exit-${randomBytes(8).toString("hex")}` },
    ...{ generation: backup.generation, manifest: backup.manifest, target, overwrite: options.overwrite },
  };
  try {
    return await runRestore({ objects, keys, clock: systemClock }, request, control);
  } finally {
    process.off("SIGINT", stop);
    keys.destroy();
    kms.close();
  }
}

/** KMS as the customer: nobody here is the vendor, so no failure is put down to one. */
function createKmsByRegion({ kmsEndpoint }: Environment): { keyServiceOf(region: string): KeyService; close(): void } {
  const byRegion = new Map<string, KmsAws>();
  return {
    keyServiceOf(region) {
      const known = byRegion.get(region);
      if (known !== undefined) return known.keyService;
      const kms = createKmsAws({
        ...(kmsEndpoint === undefined ? {} : { endpoint: kmsEndpoint }),
        allowedRegions: [region],
        ...CALL_LIMITS,
        concurrency: CONCURRENCY,
        vendorAccountId: "",
        vendorPrincipalArn: "",
      });
      byRegion.set(region, kms);
      return kms.keyService;
    },
    close() {
      for (const kms of byRegion.values()) kms.close();
    },
  };
}

function asText({ code, message, keyArn, awsErrorName, awsRequestId, possibleCauses }: KmsFailure): string {
  const lines = [`${code}: ${message}`];
  if (keyArn !== undefined) lines.push(`  key: ${keyArn}`);
  if (awsErrorName !== undefined)
    lines.push(`  AWS: ${awsErrorName}${awsRequestId === undefined ? "" : `, request ${awsRequestId}`}`);
  for (const cause of possibleCauses) lines.push(`  possible: ${cause}`);
  if (code === "ACCOUNT_KEY_UNREADABLE") lines.push(`  ${ERROR_CATALOG[code].remedy}`);
  return lines.join("\n");
}
