import type { CheckpointRepository } from "../../src/ports/checkpoint-store.js";
import { StoreError } from "../../src/ports/store.js";
import type { Tables } from "./state.js";

const byAccount = (a: { accountId: string }, b: { accountId: string }) => (a.accountId < b.accountId ? -1 : 1);

export function memoryCheckpoints({ read, write }: Tables): CheckpointRepository {
  const ofAccount = (accountId: string) =>
    [...read().checkpoints.values()].filter((row) => row.accountId === accountId).sort((a, b) => a.sequence - b.sequence);
  const rounds = () => [...read().rounds.values()].sort((a, b) => a.round - b.round);
  return {
    async lastRound() {
      const last = rounds().at(-1);
      if (last === undefined) return null;
      const { exported: _, ...round } = last;
      return round;
    },
    async moved(afterAccountId, limit) {
      const heads = new Map<string, { sequence: number; hash: string }>();
      for (const { accountId, sequence, hash } of read().audit.values()) {
        if (sequence > (heads.get(accountId)?.sequence ?? 0)) heads.set(accountId, { sequence, hash });
      }
      return [...heads]
        .map(([accountId, head]) => {
          const last = ofAccount(accountId).at(-1);
          return { accountId, head, last: last ? { sequence: last.sequence, hash: last.hash, digest: last.digest } : null };
        })
        .filter(({ accountId, head, last }) => accountId > afterAccountId && head.hash !== last?.hash)
        .sort(byAccount)
        .slice(0, limit);
    },
    async insert(round, checkpoints) {
      const { rounds: table, checkpoints: rows } = write();
      if (table.has(String(round.round))) throw new StoreError(`round ${round.round} is there already`);
      table.set(String(round.round), { ...round, exported: false });
      for (const checkpoint of checkpoints) {
        const key = `${checkpoint.accountId}/${checkpoint.sequence}`;
        if (rows.has(key)) throw new StoreError(`checkpoint ${key} is there already`);
        rows.set(key, checkpoint);
      }
    },
    async firstUnexported() {
      const first = rounds().find(({ exported }) => !exported);
      if (first === undefined) return null;
      const { exported: _, ...round } = first;
      const checkpoints = [...read().checkpoints.values()].filter((row) => row.round === round.round).sort(byAccount);
      return { round, checkpoints };
    },
    async markExported(round) {
      const row = read().rounds.get(String(round));
      if (row !== undefined) write().rounds.set(String(round), { ...row, exported: true });
    },
    async ofAccount(accountId, afterSequence, limit) {
      return ofAccount(accountId)
        .filter(({ sequence }) => sequence > afterSequence)
        .slice(0, limit);
    },
  };
}
