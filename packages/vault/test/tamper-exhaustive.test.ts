// Invariant: of everything that can be put in the places of a backup's objects, only its own objects restore. Any other arrangement (missing,
// swapped, of another object, attempt, backup, account, generation, key or time) is BACKUP_CORRUPT, nothing appears at the target and
// nothing stays beside it.
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { AccountKey, ALWAYS_OPEN, seal } from "@ekm/crypto-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BackupRequest, SealedBackup } from "../src/api.js";
import { keyName, objectContext } from "../src/format/names.js";
import { bytesOf, collect, createWorld, snapshot, type TestWorld, writeTree } from "../testing/index.js";

const PLACES = ["000000", "000001", "manifest"] as const;
const placeOf = (part: string): string => `acc_1/bkp_1/1/${part}`;

let world: TestWorld;
let backup: SealedBackup;
/** What may be put into a place: genuine objects of all kinds under one key, and some that are none. Null: nothing. */
const pool: (Buffer | null)[] = [];
let own: readonly Buffer[];

beforeAll(async () => {
  world = await createWorld();
  const genuine = async (change: Partial<BackupRequest> = {}): Promise<Buffer[]> => {
    const outcome = await world.backup(undefined, change);
    if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
    const { accountId, backupId, attempt } = world.backupRequest(change);
    return PLACES.map((part) => Buffer.from(world.store.objects.get(`${accountId}/${backupId}/${attempt}/${part}`) as Buffer));
  };
  await writeTree(world.source, { "a/small": "an older state", "z.bin": randomBytes(1_100_000) });
  const older = await genuine();
  world.store.objects.clear();
  await writeTree(world.source, { "a/small": "small content", "b/other": "other content", "z.bin": randomBytes(1_100_000) });
  backup = await world.backedUp();
  own = PLACES.map((part) => Buffer.from(world.store.objects.get(placeOf(part)) as Buffer));
  pool.push(
    ...own,
    ...older,
    ...(await genuine({ backupId: "bkp_2" })).slice(1),
    ...(await genuine({ accountId: "acc_2" })).slice(1),
  );

  const manifest = own[2] as Buffer;
  const content = "what somebody made who does not have the account key";
  const forged = seal(bytesOf(content), {
    ...{ accountKey: AccountKey.generate(), keyName: keyName("acc_1", 1), frameLength: 65_536, gate: ALWAYS_OPEN },
    context: objectContext({ accountId: "acc_1", backupId: "bkp_1" }, placeOf("000000"), 1),
  });
  pool.push(await collect(forged), Buffer.concat([manifest, manifest]), manifest.subarray(0, -1), Buffer.alloc(0), null);
});
afterAll(() => world.close());

it("every arrangement of the pool in the backup's places", { timeout: 120_000 }, async () => {
  const before = await snapshot(world.directory);
  let arrangements = 0;
  let restored = 0;
  for (const first of pool) {
    for (const second of pool) {
      for (const third of pool) {
        arrangements++;
        for (const [n, object] of [first, second, third].entries()) {
          const name = placeOf(PLACES[n] as string);
          if (object === null) world.store.objects.delete(name);
          else world.store.objects.set(name, object);
        }
        const outcome = await world.restore(backup);
        if (first === own[0] && second === own[1] && third === own[2]) {
          expect(outcome.kind).toBe("done");
          expect(await snapshot(world.target)).toEqual(await snapshot(world.source));
          await rm(world.target, { recursive: true });
          restored++;
          continue;
        }
        if (outcome.kind !== "fault" || outcome.fault.code !== "BACKUP_CORRUPT")
          throw new Error(JSON.stringify([pool.indexOf(first), pool.indexOf(second), pool.indexOf(third), outcome.kind]));
        expect(await readdir(world.targets)).toEqual([]);
      }
    }
  }
  expect({ arrangements, restored }).toEqual({ arrangements: pool.length ** 3, restored: 1 });
  expect(Object.keys(await snapshot(world.directory))).toEqual(Object.keys(before));
  expect(world.keys.held).toBe(0);
});
