import { expect } from "vitest";
import {
  type Account,
  createWorkerUseCases,
  type GenerationFailure,
  JOB_LEASE_MS,
  type KeyRotation,
  type KeyWrap,
  type UseCases,
  verifyJws,
} from "../../src/index.js";
import { ensureKeyRecord } from "../../src/keyring/ensure-key-record.js";
import {
  createScenario,
  type MemoryKey,
  type MemoryPorts,
  type Scenario,
  SIGNER_PUBLIC_KEY,
  tenantCaller,
} from "../../testing/index.js";
import { expectUsable } from "../protection.js";
import { stored } from "./accounts.js";
import { claim, queueBackup, SEALED, tryClaim } from "./jobs.js";

type WorkerPorts = Parameters<typeof createWorkerUseCases>[0];

/** An account under the key `from`, with generations and their records, and a key `to` that is free. */
export interface RotationWorld {
  readonly scenario: Scenario;
  readonly ports: MemoryPorts;
  readonly account: Account;
  readonly from: MemoryKey;
  readonly to: MemoryKey;
  start(more?: Partial<Parameters<UseCases["rotateEkmKey"]>[1]>): Promise<KeyRotation>;
  rotation(): Promise<KeyRotation>;
  failures(): Promise<readonly GenerationFailure[]>;
  wraps(): Promise<readonly KeyWrap[]>;
  /** Claims the rotation's job, if it is free, and works on it. */
  work(through?: WorkerPorts, owner?: string): Promise<"done" | "give-back" | "idle">;
  /** Works, moving time on, until the rotation has that status or is at rest; at most for an hour. */
  workUntil(reached: (rotation: KeyRotation) => boolean): Promise<KeyRotation>;
  finish(): Promise<KeyRotation>;
  /** Actions of the audit log, oldest first. */
  audit(action?: string): Promise<readonly string[]>;
}

export const NEVER: AbortSignal = new AbortController().signal;

export async function rotationWorld(options: { generations?: number; region?: string } = {}): Promise<RotationWorld> {
  const { generations = 3, region } = options;
  const scenario = createScenario();
  const { ports } = scenario;
  const account = await scenario.createActivated();
  const from = scenario.keyFor(account);
  await scenario.enable(account, from.arn);
  await createWorkerUseCases(ports).supersede(await claim(ports, "SUPERSEDE"));
  for (let n = 1; n < generations; n += 1) await scenario.addGeneration(account);
  for (const row of await ports.store.read.keys.generations(account.id)) await ensureKeyRecord(ports, row);
  const to = ports.kms.addKey({ boundTo: account.id, ...(region === undefined ? {} : { region }) });

  let id = "";
  const world: RotationWorld = {
    scenario,
    ports,
    account,
    from,
    to,
    async start(more = {}) {
      const started = await scenario.useCases.rotateEkmKey(tenantCaller(account), { keyArn: to.arn, ...more });
      if (!started.ok) throw new Error(JSON.stringify(started.error));
      id = started.value.rotation.id;
      return started.value.rotation;
    },
    rotation: () => stored(ports.store.read.rotations.byId(id)),
    failures: () => ports.store.read.rotations.failures(id),
    wraps: () => ports.store.read.keys.wraps(account.id),
    async work(through = ports, owner = "worker") {
      const job = await tryClaim(ports, "ROTATION", owner);
      return job === null ? "idle" : createWorkerUseCases(through).rotate(job, NEVER);
    },
    async workUntil(reached) {
      for (let seconds = 0; seconds < 3600; seconds += 1) {
        const rotation = await world.rotation();
        if (reached(rotation)) return rotation;
        if ((await world.work()) === "idle") await ports.clock.advance(1000);
      }
      throw new Error(
        `not within an hour: ${JSON.stringify(await world.rotation(), (_, v) => (typeof v === "bigint" ? String(v) : v))}`,
      );
    },
    async finish() {
      const ended = await world.workUntil(({ finishedAt }) => finishedAt !== undefined);
      // What is left to clear away, and the job itself.
      for (let n = 0; n < 5; n += 1) {
        await ports.clock.advance(JOB_LEASE_MS + 1);
        await world.work();
      }
      return ended;
    },
    async audit(action) {
      const events = await ports.store.read.audit.chain(account.id, 0, 100_000);
      return events.filter((event) => action === undefined || event.action === action).map((event) => event.detail);
    },
  };
  return world;
}

/** A succeeded backup of that generation. */
export const addBackup = ({ ports, account }: RotationWorld, generation: number) =>
  queueBackup(ports, account, { ...SEALED, generation });

/** The account is under `to` alone: rows, records, canaries, health; nothing is left to do. */
export async function expectRotated(world: RotationWorld): Promise<void> {
  const { scenario, ports, account, from, to } = world;
  await expectUsable(scenario, account);
  expect(await scenario.stored(account)).toMatchObject({ ekm: { status: "ENABLED", key: { arn: to.arn } } });
  expect("rotationId" in (await scenario.stored(account)).ekm).toBe(false);
  const wraps = await world.wraps();
  expect(wraps.map((wrap) => [wrap.keyArn, wrap.state])).toEqual(wraps.map(() => [to.arn, "CURRENT"]));
  await expectRecordsOf(world, wraps);
  expect(await ports.store.read.keys.canary(account.id, from.arn)).toBeNull();
  expect(await ports.store.read.keys.canary(account.id, to.arn)).not.toBeNull();
  expect(await ports.store.read.health.current(account.id)).toMatchObject({ keyArn: to.arn, state: "HEALTHY" });
  expect(ports.store.scrubs).toBeGreaterThan(1);
  await expectNoJob(world);
}

/** The account is under `from` as if there had been no rotation. */
export async function expectUnrotated(world: RotationWorld): Promise<void> {
  const { scenario, account, from } = world;
  await expectUsable(scenario, account);
  expect(await scenario.stored(account)).toMatchObject({ ekm: { status: "ENABLED", key: { arn: from.arn } } });
  const wraps = await world.wraps();
  expect(wraps.map((wrap) => [wrap.keyArn, wrap.state])).toEqual(wraps.map(() => [from.arn, "CURRENT"]));
  await expectRecordsOf(world, wraps);
  await expectNoJob(world);
}

async function expectRecordsOf({ ports, account }: RotationWorld, wraps: readonly KeyWrap[]): Promise<void> {
  const records = [...(await ports.keyRecords.list(account.id))].sort((a, b) => a.generation - b.generation);
  const named = records.map(({ generation, keyArn, ciphertext }) => ({ generation, keyArn, ciphertext }));
  expect(named).toEqual(wraps.map(({ generation, keyArn, ciphertext }) => ({ generation, keyArn, ciphertext })));
}

async function expectNoJob({ ports }: RotationWorld): Promise<void> {
  await ports.clock.advance(3600_000);
  expect(await tryClaim(ports, "ROTATION")).toBeNull();
}

/** The certificate's claims, its signature checked, and the row's fields compared with them. */
export function claimsOf({ retirement }: KeyRotation): Record<string, unknown> {
  if (retirement === undefined) throw new Error("there is no certificate");
  const claims = verifyJws(retirement.jws, SIGNER_PUBLIC_KEY);
  if (claims === null) throw new Error("the signature does not fit");
  expect(claims.safeToRetireAfter).toBe(retirement.safeToRetireAfter.toISOString());
  expect(claims.signedAt).toBe(retirement.signedAt.toISOString());
  expect(claims.generationsCounted).toBe(retirement.generationsCounted);
  expect(claims.backupsCovered).toBe(String(retirement.backupsCovered));
  return claims;
}

/** Damages the stored wrap of these generations, and its record beside the backups; answers what mends the rows. */
export async function damage(
  { ports, account, wraps }: Pick<RotationWorld, "ports" | "account" | "wraps">,
  doomed: readonly number[],
): Promise<() => Promise<void>> {
  const originals = (await wraps()).filter(({ generation }) => doomed.includes(generation));
  const write = (rows: readonly KeyWrap[]) =>
    ports.store.transaction(async (tx) => {
      for (const row of rows) {
        await tx.keys.deleteWrap(row.accountId, row.generation, row.keyArn);
        await tx.keys.insertWrap(row);
      }
    });
  const damaged = originals.map((row) => ({
    ...row,
    ciphertext: row.ciphertext.map((byte, at) => (at === 60 ? byte ^ 1 : byte)),
  }));
  await write(damaged);
  for (const record of await ports.keyRecords.list(account.id)) {
    const row = damaged.find((one) => one.generation === record.generation && one.keyArn === record.keyArn);
    if (row === undefined) continue;
    await ports.keyRecords.remove(record);
    await ports.keyRecords.put(row, record.checkValue);
  }
  return () => write(originals);
}
