import type { MemoryKey } from "../../testing/index.js";
import { checkEnd } from "./end.js";
import { checkGates, checkInvariants } from "./invariants.js";
import { makeRequest } from "./requests.js";
import { claimAndBegin, goOn } from "./work.js";
import { World } from "./world.js";

export interface Simulated {
  readonly seed: number;
  /** Undefined: every invariant held. */
  readonly violation: string | undefined;
  /** What happened, in order. */
  readonly log: readonly string[];
}

const STEPS = 45;

/** One life of two tenants, from a seed: requests, jobs, owners' acts, KMS trouble and crashes, and then the end of all trouble. */
export async function simulate(seed: number): Promise<Simulated> {
  const world = await World.create(seed);
  try {
    for (let step = 0; step < STEPS && world.findings.all.length === 0; step += 1) {
      const together = world.random.chance(0.2) ? 2 : 1;
      await Promise.all(Array.from({ length: together }, () => takeStep(world)));
      await checkInvariants(world);
    }
    if (world.findings.all.length === 0) await checkEnd(world);
    return { seed, violation: world.findings.all[0]?.message, log: world.log };
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, violation: `the product threw: ${reason}`, log: world.log };
  } finally {
    world.close();
  }
}

async function takeStep(world: World): Promise<void> {
  const { random, tenants } = world;
  const tenant = random.pick(tenants);
  if (tenant === undefined) return;
  const session = random.pick([...world.sessions].filter(({ process }) => !process.isDead));
  const act = random.weighted<() => Promise<unknown>>([
    [30, () => makeRequest(world, tenant)],
    [30, () => claimAndBegin(world, random.chance(0.5) ? 0 : 1)],
    [session === undefined ? 0 : 30, async () => session && goOn(world, session, random.chance(0.5))],
    [12, () => letTimePass(world)],
    [10, async () => actAsOwner(world, random.pick(tenant.keys))],
    [2, () => world.run("probe", () => world.worker(0).worker.probeDueAccounts(50))],
    [2, () => closeGenerations(world, tenant.account.id)],
  ]);
  await act();
}

const LOOK_EVERY_MS = 450;

/** Gates are looked at on the way: a lease that ends late is open for a moment only. */
async function letTimePass(world: World): Promise<void> {
  const { random, ports } = world;
  const ms = random.weighted([
    [4, random.below(1_000)],
    [4, random.below(12_000)],
    [3, 16_000],
    [1, 61_000],
  ]);
  for (let left = ms; left > 0; ) {
    const step = world.sessions.size > 0 ? Math.min(LOOK_EVERY_MS, left) : left;
    await ports.clock.advance(step);
    left -= step;
    await checkGates(world);
  }
}

const OWNERS_ACTS: readonly (readonly [number, string, (key: MemoryKey) => void])[] = [
  [4, "Disabled", (key) => Object.assign(key, { state: "Disabled" })],
  [8, "Enabled", (key) => Object.assign(key, { state: "Enabled", denied: false, failWith: undefined })],
  [1, "PendingDeletion", (key) => Object.assign(key, { state: "PendingDeletion" })],
  [0.3, "Deleted", (key) => Object.assign(key, { state: "Deleted" })],
  [2, "denied", (key) => Object.assign(key, { denied: true })],
  [1, "throttled", (key) => Object.assign(key, { failWith: "KMS_THROTTLED" })],
  [1, "new material", (key) => key.rotateMaterial()],
  [1, "ReEncrypt denied", (key) => Object.assign(key, { reEncryptDenied: true })],
];

/** What is done in AWS is often seen only later. */
function actAsOwner({ random, ports, log }: World, key: MemoryKey | undefined): void {
  if (key === undefined) return;
  const [name, act] = random.weighted(OWNERS_ACTS.map(([weight, ...rest]) => [weight, rest] as const));
  const delay = random.chance(0.4) ? random.below(4_000) : 0;
  log.push(`owner: ${key.arn.slice(-6)} ${name}, seen ${delay} ms later`);
  void ports.clock.sleep(delay).then(() => {
    if (key.state !== "Deleted") act(key);
  });
}

/** As if so much had been sealed that the generation is full. */
const closeGenerations = ({ ports }: World, accountId: string): Promise<void> =>
  ports.store.transaction(async (tx) => {
    for (const { generation } of await tx.keys.generations(accountId))
      await tx.keys.closeGeneration(accountId, generation, ports.clock.now());
  });
