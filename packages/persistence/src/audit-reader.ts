import type { AuditEvent, ChainHead, KmsIntent } from "@ekm/ekm";
import { type DataSource, MoreThan } from "typeorm";
import { openReadSource } from "./data-source.js";
import { toStoreError } from "./errors.js";
import { readGuard } from "./guard.js";
import { toAuditEvent } from "./mappers/audit-event.js";
import { toKmsIntent } from "./mappers/intent.js";
import { AuditCheckpointRows, AuditRoundRows } from "./rows/audit-checkpoint.js";
import { type AuditEventRow, AuditEventRows, AuditHeadRows } from "./rows/audit-event.js";
import { KmsIntentRows } from "./rows/intent.js";

const BUSY_TIMEOUT_MS = 5_000;

/** Every account that has a row, an event or a head: one whose row was removed is not passed over. */
const ACCOUNT_IDS = `SELECT id FROM account UNION SELECT account_id FROM audit_event UNION SELECT account_id FROM audit_head ORDER BY 1`;

/** One account's log, all of it as it was at one moment. */
export interface AuditSnapshot {
  /** Where the chain must end. Null: nothing was ever written. */
  head(accountId: string): Promise<ChainHead | null>;
  /** Ascending from `afterSequence`. */
  chain(accountId: string, afterSequence: number, limit: number): Promise<readonly ChainEntry[]>;
  /** The account's checkpoints as the database has them, ascending from `afterSequence`. */
  checkpoints(accountId: string, afterSequence: number, limit: number): Promise<readonly StoredCheckpoint[]>;
}

export interface StoredCheckpoint {
  readonly sequence: number;
  readonly round: number;
  readonly jws: string;
}

export interface StoredRound {
  readonly round: number;
  readonly jws: string;
  readonly exported: boolean;
}

export interface ChainEntry {
  readonly sequence: number;
  /** Null: what is stored there is no event any more. */
  readonly event: AuditEvent | null;
}

export interface AuditReader {
  /** Ascending. */
  accountIds(): Promise<readonly string[]>;
  /** One after another. A long one keeps the database's log from being emptied. */
  snapshot<T>(work: (log: AuditSnapshot) => Promise<T>): Promise<T>;
  /** The rounds of checkpoints as the database has them, ascending from `afterRound`. */
  rounds(afterRound: number, limit: number): Promise<readonly StoredRound[]>;
  /** The traces of what KMS was asked for an effect, ascending by id from `afterId`. */
  intents(afterId: string, limit: number): Promise<readonly KmsIntent[]>;
  close(): Promise<void>;
}

/**
 * Reads audit logs for verification, of a database in use or of a copy, and changes nothing: the schema is taken as it is. The
 * file must exist. Throws StoreBusyError or StoreError.
 */
export async function openAuditReader({ sqlitePath }: { readonly sqlitePath: string }): Promise<AuditReader> {
  let source: DataSource;
  try {
    source = await openReadSource(sqlitePath, BUSY_TIMEOUT_MS);
  } catch (error) {
    throw toStoreError(error);
  }
  const runner = source.createQueryRunner();
  const log: AuditSnapshot = {
    head: (accountId) =>
      readGuard(async () => {
        const row = await runner.manager.findOneBy(AuditHeadRows, { accountId });
        return row && { sequence: row.sequence, hash: row.hash };
      }),
    chain: (accountId, afterSequence, limit) =>
      readGuard(async () => {
        const where = { accountId, sequence: MoreThan(afterSequence) };
        const rows = await runner.manager.find(AuditEventRows, { where, order: { sequence: "ASC" }, take: limit });
        return rows.map((row) => ({ sequence: row.sequence, event: readable(row) }));
      }),
    checkpoints: (accountId, afterSequence, limit) =>
      readGuard(async () => {
        const where = { accountId, sequence: MoreThan(afterSequence) };
        return runner.manager.find(AuditCheckpointRows, { where, order: { sequence: "ASC" }, take: limit });
      }),
  };
  return {
    accountIds: () => readGuard(async () => (await source.query<{ id: string }[]>(ACCOUNT_IDS)).map(({ id }) => id)),
    async snapshot(work) {
      await readGuard(() => runner.query("BEGIN"));
      try {
        return await work(log);
      } finally {
        await readGuard(() => runner.query("ROLLBACK"));
      }
    },
    rounds: (afterRound, limit) =>
      readGuard(() =>
        source.manager.find(AuditRoundRows, { where: { round: MoreThan(afterRound) }, order: { round: "ASC" }, take: limit }),
      ),
    intents: (afterId, limit) =>
      readGuard(async () => {
        const rows = await source.manager.find(KmsIntentRows, {
          where: { id: MoreThan(afterId) },
          order: { id: "ASC" },
          take: limit,
        });
        return rows.map(toKmsIntent);
      }),
    close: async () => {
      if (source.isInitialized) await source.destroy();
    },
  };
}

/** SQLite stores whatever it is given; somebody who writes past the product may have left anything. */
function readable(row: AuditEventRow): AuditEvent | null {
  try {
    const event = toAuditEvent(row);
    return Number.isNaN(event.at.getTime()) || !Array.isArray(event.awsRequestIds) ? null : event;
  } catch {
    return null;
  }
}
