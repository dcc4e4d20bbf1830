import type { CheckpointRepository, MovedChain, SignedRound } from "@ekm/ekm";
import { type EntityManager, MoreThan } from "typeorm";
import { AuditCheckpointRows, type AuditRoundRow, AuditRoundRows } from "../rows/audit-checkpoint.js";
import { AuditHeadRows } from "../rows/audit-event.js";

const toRound = ({ round, at, jws, digest }: AuditRoundRow): SignedRound => ({ round, at: new Date(at), jws, digest });

/** The account's last checkpoint, if it has one. */
const IS_LAST = `last.account_id = head.account_id AND last.sequence =
  (SELECT max(seen.sequence) FROM audit_checkpoint seen WHERE seen.account_id = head.account_id)`;

interface MovedRow {
  accountId: string;
  sequence: number;
  hash: string;
  lastSequence: number | null;
  lastHash: string | null;
  lastDigest: string | null;
}

export const checkpointRepository = (manager: EntityManager): CheckpointRepository => ({
  async lastRound() {
    const [row] = await manager.find(AuditRoundRows, { order: { round: "DESC" }, take: 1 });
    return row === undefined ? null : toRound(row);
  },
  async moved(afterAccountId, limit) {
    const rows = await manager
      .createQueryBuilder(AuditHeadRows, "head")
      .leftJoin(AuditCheckpointRows.options.name, "last", IS_LAST)
      .select([
        'head.account_id AS "accountId"',
        'head.sequence AS "sequence"',
        'head.hash AS "hash"',
        'last.sequence AS "lastSequence"',
        'last.hash AS "lastHash"',
        'last.digest AS "lastDigest"',
      ])
      .where("head.account_id > :afterAccountId", { afterAccountId })
      .andWhere("(last.hash IS NULL OR last.hash <> head.hash OR last.sequence <> head.sequence)")
      .orderBy("head.account_id")
      .limit(limit)
      .getRawMany<MovedRow>();
    return rows.map(toMoved);
  },
  async insert({ round, at, jws, digest }, checkpoints) {
    await manager.insert(AuditRoundRows, { round, at: at.getTime(), jws, digest, exported: false });
    for (const checkpoint of checkpoints) await manager.insert(AuditCheckpointRows, { ...checkpoint });
  },
  async firstUnexported() {
    const [row] = await manager.find(AuditRoundRows, { where: { exported: false }, order: { round: "ASC" }, take: 1 });
    if (row === undefined) return null;
    const checkpoints = await manager.find(AuditCheckpointRows, { where: { round: row.round }, order: { accountId: "ASC" } });
    return { round: toRound(row), checkpoints };
  },
  async markExported(round) {
    await manager.update(AuditRoundRows, { round }, { exported: true });
  },
  ofAccount: (accountId, afterSequence, limit) =>
    manager.find(AuditCheckpointRows, {
      where: { accountId, sequence: MoreThan(afterSequence) },
      order: { sequence: "ASC" },
      take: limit,
    }),
});

const toMoved = ({ accountId, sequence, hash, lastSequence, lastHash, lastDigest }: MovedRow): MovedChain => ({
  accountId,
  head: { sequence: Number(sequence), hash },
  last:
    lastSequence === null || lastHash === null || lastDigest === null
      ? null
      : { sequence: Number(lastSequence), hash: lastHash, digest: lastDigest },
});
