import { accountKeyContext, type KeyWrap } from "../../src/keys/generation.js";
import { checkInvariants } from "./invariants.js";
import { claimAndBegin, goOn } from "./work.js";
import { adminOf, sealedWith, type Tenant, type World } from "./world.js";

const MOST_ROUNDS = 400;

/**
 * The trouble is over: keys that still exist work, nobody dies any more. Then everything comes to rest by itself, the account
 * is under one key, and every backup whose key still exists can be read.
 */
export async function checkEnd(world: World): Promise<void> {
  const { ports, rates, tenants, findings } = world;
  await ports.clock.advance(5_000);
  Object.assign(rates, { transient: 0, refusal: 0, lie: 0, slow: 0 });
  world.mortal = false;
  world.kill();
  for (const key of tenants.flatMap(({ keys }) => keys)) {
    if (key.state !== "Deleted") Object.assign(key, { state: "Enabled", denied: false, failWith: undefined });
  }
  for (const tenant of tenants) await settleByAdmin(world, tenant);
  await comeToRest(world);
  await checkInvariants(world);
  for (const tenant of tenants) await checkTenant(world, tenant);
  await checkEffects(world);
  findings.require(
    !(await ports.store.read.jobs.hasClaimable(["BACKUP", "RESTORE", "ROTATION", "SUPERSEDE"])),
    () => "a job was never done",
  );
}

/** What waits for the admin and would wait for ever. */
async function settleByAdmin(world: World, tenant: Tenant): Promise<void> {
  const { useCases } = world.gateway;
  const admin = adminOf(tenant);
  await world.run("unlock", () => useCases.unlockAccountKeys(admin, { reason: "over" }));
  const rotation = (await world.ports.store.read.rotations.page(tenant.account.id, { first: 1 })).items[0];
  if (rotation === undefined || rotation.finishedAt !== undefined) return;
  const hopeless = [rotation.fromArn, rotation.toArn].some((arn) => world.ports.kms.key(arn).state === "Deleted");
  const rotationId = rotation.id;
  if (hopeless && rotation.switchedAt === undefined)
    await world.run("cancel", () => useCases.cancelEkmKeyRotation(admin, { rotationId }));
  else if (rotation.pausedBy === "ADMIN") await world.run("resume", () => useCases.resumeEkmKeyRotation(admin, { rotationId }));
}

/** Works, moving time on, until nothing is left to do for ten minutes. */
async function comeToRest(world: World): Promise<void> {
  let idle = 0;
  for (let round = 0; idle < 12; round += 1) {
    if (round > MOST_ROUNDS) return world.findings.require(false, () => "it does not come to rest");
    const worked = await claimAndBegin(world, 0);
    for (const session of world.sessions) await goOn(world, session, true);
    idle = worked === "idle" ? idle + 1 : 0;
    if (worked === "idle") await world.ports.clock.advance(60_000);
  }
}

async function checkTenant(world: World, { account: { id, name } }: Tenant): Promise<void> {
  const { ports, findings } = world;
  const { read } = ports.store;
  const account = await read.accounts.byId(id);
  if (account === null) throw new Error(`no account ${id}`);
  findings.require(account.ekm.status !== "ROTATING", () => `${name} still rotates`);
  const process = world.worker(0);
  for (const { id: backupId, generation = 0, manifest } of (await read.backups.page(id, { first: 1000 }, { status: "SUCCEEDED" }))
    .items) {
    const wrap = await read.keys.currentWrap(id, generation);
    if (wrap === null || ports.kms.key(wrap.keyArn).state === "Deleted" || isLost(world, wrap)) continue;
    const key = await world.run("read", () => process.keyring.forReading(id, generation));
    if (key === "crashed") throw new Error("an immortal process died");
    findings.require(key.ok, () => `${backupId} of ${name} cannot be read: ${key.ok ? "" : key.error.code}`);
    if (!key.ok) continue;
    const stored = world.objects.get(manifest?.objectName ?? "");
    findings.require(sealedWith(key.value.key, backupId) === stored, () => `${backupId} of ${name} reads as something else`);
    key.value.release();
  }
  if (!("key" in account.ekm) || ports.kms.key(account.ekm.key.arn).state === "Deleted") return;
  await world.run("probe", () => process.worker.probeDueAccounts(50));
  const health = await read.health.current(id);
  findings.require(health?.state === "HEALTHY", () => `the key of ${name} works, and its health is ${health?.state}`);
  if (account.vendorKey !== undefined) {
    const { arn } = account.vendorKey;
    const left = [...(await read.keys.wraps(id)), ...(await ports.keyRecords.list(id))].some(
      (one) => one.keyArn === arn && !isLost(world, one),
    );
    findings.require(!left, () => `${name} is enabled, and something is still under the vendor's key`);
    findings.require(ports.kms.key(arn).state === "PendingDeletion", () => `${name} is enabled, and the vendor's key lives on`);
  }
}

/** Of a generation that was damaged before it could be moved. */
function isLost(
  { ports, damaged }: World,
  { accountId, generation, keyArn, ciphertext }: Pick<KeyWrap, "accountId" | "generation" | "keyArn" | "ciphertext">,
): boolean {
  if (!damaged.has(`${accountId}/${generation}`)) return false;
  return ports.kms.key(keyArn).open(ciphertext, accountKeyContext(accountId, generation)) === null;
}

const ONCE = ["ROTATION_STARTED", "EKM_ENABLED", "KEYS_LOCKED", "KEYS_UNLOCKED", "ROTATION_CANCELLED"] as const;

/** Every request comes from a person of its own: however often it was sent, it had its effect once. */
async function checkEffects({ ports, tenants, findings }: World): Promise<void> {
  const { read } = ports.store;
  for (const { account } of tenants) {
    const page = { first: 10_000 };
    const events = await read.audit.chain(account.id, 0, 100_000);
    const effects = [
      ...(await read.backups.page(account.id, page, {})).items.map(({ requestedBy }) => `backup by ${requestedBy}`),
      ...(await read.restores.page(account.id, page, {})).items.map(({ requestedBy }) => `restore by ${requestedBy}`),
      ...events
        .filter(({ action, outcome }) => outcome === "DONE" && ONCE.some((one) => one === action))
        .filter(({ actor }) => actor.startsWith("person "))
        .map(({ action, actor }) => `${action} by ${actor}`),
    ];
    const twice = effects.find((effect, at) => effects.indexOf(effect) !== at);
    findings.require(twice === undefined, () => `happened twice: ${twice}`);
  }
}
