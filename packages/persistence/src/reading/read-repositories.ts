import type { Ids, Repositories } from "@ekm/ekm";
import type { DataSource, EntitySchema } from "typeorm";
import { toAccount } from "../mappers/account.js";
import { toAuditEvent } from "../mappers/audit-event.js";
import { toBackup } from "../mappers/backup.js";
import { toKeyHealth } from "../mappers/health.js";
import { toKeyWrap } from "../mappers/key.js";
import { toRestore } from "../mappers/restore.js";
import { toGenerationFailure, toKeyRotation } from "../mappers/rotation.js";
import { toBackupSource } from "../mappers/source.js";
import { createRepositories } from "../repositories/index.js";
import { AccountRows } from "../rows/account.js";
import { AuditEventRows } from "../rows/audit-event.js";
import { BackupRows } from "../rows/backup.js";
import { KeyHealthHistoryRows, KeyHealthRows } from "../rows/health.js";
import { KeyWrapRows } from "../rows/key.js";
import { RestoreRows } from "../rows/restore.js";
import { GenerationFailureRows, KeyRotationRows } from "../rows/rotation.js";
import { BackupSourceRows } from "../rows/source.js";
import { impactOf, manyBy, oneBy } from "./lookups.js";
import { pagesOf } from "./pages.js";
import type { Reader } from "./reader.js";
import { rowsOf } from "./rows.js";

/**
 * The repositories outside transactions. What pages of the console and of support ask is read by statements of our own, together for all
 * that ask at once; the rest as in a transaction.
 */
export function createReadRepositories(source: DataSource, reader: Reader, ids: Ids): Repositories {
  const others = createRepositories(source.manager, ids);
  const rows = <R extends object>(schema: EntitySchema<R>) => rowsOf(source, schema);
  const byId = <R extends { id: string }, T>(schema: EntitySchema<R>, toItem: (row: R) => T) =>
    oneBy({ reader, rows: rows(schema), by: "id", toItem });

  const restores = pagesOf({ reader, rows: rows(RestoreRows), toItem: toRestore });

  return {
    ...others,
    accounts: { ...others.accounts, byId: byId(AccountRows, toAccount) },
    health: {
      ...others.health,
      current: oneBy({ reader, rows: rows(KeyHealthRows), by: "accountId", toItem: toKeyHealth }),
      history: pagesOf({ reader, rows: rows(KeyHealthHistoryRows), toItem: toKeyHealth }).page,
    },
    keys: {
      ...others.keys,
      wraps: manyBy({ reader, rows: rows(KeyWrapRows), by: "accountId", orderBy: ["generation", "id"], toItem: toKeyWrap }),
    },
    sources: {
      ...others.sources,
      byId: byId(BackupSourceRows, toBackupSource),
      ...pagesOf({ reader, rows: rows(BackupSourceRows), toItem: toBackupSource }),
    },
    backups: {
      ...others.backups,
      byId: byId(BackupRows, toBackup),
      ...pagesOf({ reader, rows: rows(BackupRows), toItem: toBackup }),
      impact: impactOf(reader),
    },
    restores: {
      ...others.restores,
      byId: byId(RestoreRows, toRestore),
      page: (accountId, request, { status }) => restores.page(accountId, request, { status }),
      count: (accountId, { status }) => restores.count(accountId, { status }),
    },
    rotations: {
      ...others.rotations,
      byId: byId(KeyRotationRows, toKeyRotation),
      ...pagesOf({ reader, rows: rows(KeyRotationRows), toItem: toKeyRotation }),
      failures: manyBy({
        reader,
        rows: rows(GenerationFailureRows),
        by: "rotationId",
        orderBy: ["generation"],
        toItem: toGenerationFailure,
      }),
    },
    audit: {
      ...others.audit,
      byId: byId(AuditEventRows, toAuditEvent),
      ...pagesOf({ reader, rows: rows(AuditEventRows), toItem: toAuditEvent, order: "sequence" }),
    },
  };
}
