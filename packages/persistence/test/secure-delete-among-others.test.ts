// Invariant: deleted wraps leave no byte behind however the database has moved rows about since: pages that were split, merged and
// compacted among other accounts' rows keep no copy of what was deleted later.
import { readFile } from "node:fs/promises";
import type { Account, KeyWrap } from "@ekm/ekm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ARN, insertAccount, insertWraps, wrap } from "./fixtures.js";
import { openTemporary } from "./support.js";

const SIZES = [64, 120, 184, 400, 1500];

let opened: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  opened = await openTemporary();
});
afterEach(() => opened.cleanup());

/** Which pieces of 16 bytes of these ciphertexts lie in the file. */
async function pieces(wraps: readonly KeyWrap[]): Promise<number> {
  const file = await readFile(opened.sqlitePath);
  const log = await readFile(`${opened.sqlitePath}-wal`);
  let found = 0;
  for (const { ciphertext } of wraps) {
    for (let at = 0; at + 16 <= ciphertext.length; at += 16) {
      const piece = Buffer.from(ciphertext.subarray(at, at + 16));
      if (file.includes(piece) || log.includes(piece)) found += 1;
    }
  }
  return found;
}

it.each([1, 2, 3])(
  "seed %d",
  async (seed) => {
    const { store } = opened;
    let state = seed * 7919;
    const upTo = (limit: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % limit;
    };
    const accounts: Account[] = [];
    for (let n = 0; n < 8; n += 1) accounts.push(await insertAccount(store));
    const live = new Map<string, KeyWrap[]>(accounts.map(({ id }) => [id, []]));
    const gone: KeyWrap[] = [];
    const numbers = new Map<string, number>();
    for (let step = 0; step < 160; step += 1) {
      const { id } = accounts[upTo(accounts.length)] ?? { id: "" };
      const wraps = live.get(id) ?? [];
      if (wraps.length > 20 && upTo(3) === 0) {
        await store.transaction((tx) => tx.keys.deleteWraps(id, ARN));
        gone.push(...wraps);
        live.set(id, []);
        continue;
      }
      if (wraps.length > 4 && upTo(4) === 0) {
        const [victim] = wraps.splice(upTo(wraps.length), 1);
        if (victim === undefined) continue;
        await store.transaction((tx) => tx.keys.deleteWrap(id, victim.generation, ARN));
        gone.push(victim);
        continue;
      }
      const first = numbers.get(id) ?? 1;
      const more = Array.from({ length: 1 + upTo(6) }, (_, n) => wrap(id, first + n, SIZES[upTo(SIZES.length)] ?? 184));
      numbers.set(id, first + more.length);
      await insertWraps(store, id, more);
      wraps.push(...more);
    }
    await store.scrub();
    expect(gone.length).toBeGreaterThan(20);
    expect(await pieces(gone)).toBe(0);
    expect(await pieces([...live.values()].flat())).toBeGreaterThan(100);
  },
  60_000,
);
