import { type KeyWrap, MAX_WRAPS_PER_GENERATION } from "../../src/keys/generation.js";
import { type KeyRepository, StoreError } from "../../src/ports/store.js";
import { insertRow, ownedBy } from "./rows.js";
import type { Tables } from "./state.js";

const generationKey = (accountId: string, generation: number) => `${accountId}/${generation}`;
const canaryKey = (accountId: string, keyArn: string) => `${accountId} ${keyArn}`;

export function memoryKeys({ read, write }: Tables): KeyRepository {
  const wrapsOf = (accountId: string) =>
    ownedBy(read().wraps, accountId).sort((a, b) => a.generation - b.generation || (a.id < b.id ? -1 : 1));
  const currentWrap = (accountId: string, generation: number) =>
    wrapsOf(accountId).find((wrap) => wrap.generation === generation && wrap.state === "CURRENT");
  const setState = (wrap: KeyWrap, state: KeyWrap["state"]) => write().wraps.set(wrap.id, { ...wrap, state });
  const deleteAll = (doomed: readonly KeyWrap[]): number => {
    for (const wrap of doomed) write().wraps.delete(wrap.id);
    return doomed.length;
  };

  return {
    async generations(accountId) {
      return ownedBy(read().generations, accountId).sort((a, b) => a.generation - b.generation);
    },
    async generation(accountId, generation) {
      return read().generations.get(generationKey(accountId, generation)) ?? null;
    },
    async insertGeneration(generation) {
      const key = generationKey(generation.accountId, generation.generation);
      if (write().generations.has(key)) throw new StoreError(`duplicate generation ${key}`);
      write().generations.set(key, generation);
    },
    async closeGeneration(accountId, generation, at) {
      const key = generationKey(accountId, generation);
      const row = read().generations.get(key);
      if (row && row.closedAt === undefined) write().generations.set(key, { ...row, closedAt: at });
    },
    async leaveGeneration(accountId, generation, leftBecause) {
      const key = generationKey(accountId, generation);
      const row = read().generations.get(key);
      if (row) write().generations.set(key, { ...row, leftBecause });
    },
    async reserveWraps(accountId, generation, count) {
      const key = generationKey(accountId, generation);
      const row = read().generations.get(key);
      if (!row || row.closedAt || row.reservedWraps + count > MAX_WRAPS_PER_GENERATION) return false;
      write().generations.set(key, { ...row, reservedWraps: row.reservedWraps + count });
      return true;
    },
    async wraps(accountId) {
      return wrapsOf(accountId);
    },
    async currentWrap(accountId, generation) {
      return currentWrap(accountId, generation) ?? null;
    },
    async insertWrap(wrap) {
      const clash = wrapsOf(wrap.accountId).some(
        (other) =>
          other.generation === wrap.generation &&
          (other.keyArn === wrap.keyArn || (other.state === "CURRENT" && wrap.state === "CURRENT")),
      );
      if (clash) throw new StoreError(`generation ${wrap.generation} of ${wrap.accountId} already has such a wrap`);
      insertRow(write().wraps, wrap);
    },
    async promoteWraps(accountId, keyArn) {
      const pending = wrapsOf(accountId).filter((wrap) => wrap.keyArn === keyArn && wrap.state === "PENDING");
      for (const wrap of pending) {
        const former = currentWrap(accountId, wrap.generation);
        if (former) setState(former, "SUPERSEDED");
        setState(wrap, "CURRENT");
      }
      return pending.length;
    },
    async deleteWraps(accountId, keyArn, state) {
      return deleteAll(
        wrapsOf(accountId).filter((wrap) => wrap.keyArn === keyArn && (state === undefined || wrap.state === state)),
      );
    },
    async deleteWrap(accountId, generation, keyArn) {
      deleteAll(wrapsOf(accountId).filter((wrap) => wrap.generation === generation && wrap.keyArn === keyArn));
    },
    async canary(accountId, keyArn) {
      return read().canaries.get(canaryKey(accountId, keyArn)) ?? null;
    },
    async putCanary(canary) {
      write().canaries.set(canaryKey(canary.accountId, canary.keyArn), canary);
    },
    async deleteCanary(accountId, keyArn) {
      write().canaries.delete(canaryKey(accountId, keyArn));
    },
  };
}
