import { AccountKey } from "@ekm/crypto-core";
import { verifyChain } from "../../src/audit/chain.js";
import { protectingKeyArn } from "../../src/keyring/protecting-key.js";
import { accountKeyContext, type KeyWrap } from "../../src/keys/generation.js";
import type { Session, Tenant, World } from "./world.js";
import { LEASE_SECONDS } from "./world.js";

/** A lock is seen by every process within this. */
const LOCK_MS = 1_000;

/** What must hold between any two steps. */
export async function checkInvariants(world: World): Promise<void> {
  for (const tenant of world.tenants) await checkAccount(world, tenant);
  await checkGates(world);
}

/** What must hold at any moment. */
export async function checkGates(world: World): Promise<void> {
  for (const session of world.sessions) if (session.key.gate.isOpen()) await checkOpenGate(world, session);
}

async function checkAccount(world: World, { account: { id, name } }: Tenant): Promise<void> {
  const { ports, findings, tenants, verified } = world;
  const { read } = ports.store;
  const head = verified.heads.get(id) ?? null;
  const [account, generations, wraps, records, backups, rotations, events] = await Promise.all([
    read.accounts.byId(id),
    read.keys.generations(id),
    read.keys.wraps(id),
    ports.keyRecords.list(id),
    read.backups.page(id, { first: 1000 }, { status: "SUCCEEDED" }),
    read.rotations.page(id, { first: 1000 }),
    read.audit.chain(id, head?.sequence ?? 0, 100_000),
  ]);
  if (account === null) throw new Error(`no account ${id}`);
  const chain = verifyChain(id, events, head);
  findings.require(chain.intact, () => `the audit chain of ${name} is broken`);
  if (chain.intact) verified.heads.set(id, chain.head);

  const lossAccepted = rotations.items.some(({ acceptsLoss, switchedAt }) => acceptsLoss && switchedAt !== undefined);
  const protecting = protectingKeyArn(account);
  const used = new Set(backups.items.map(({ generation }) => generation));
  for (const { generation, checkValue, leftBecause } of generations) {
    const isDamaged = world.damaged.has(`${id}/${generation}`);
    if (leftBecause !== undefined) checkLeft(world, { id, name }, generation);
    const current = wraps.filter((wrap) => wrap.generation === generation && wrap.state === "CURRENT");
    findings.require(current.length === 1, () => `generation ${generation} of ${name} has ${current.length} current wraps`);
    for (const { keyArn, ciphertext } of current) {
      findings.require(
        isDamaged || opens(world, { accountId: id, generation, keyArn, ciphertext }, checkValue),
        () => `the current wrap of generation ${generation} of ${name} does not open to its key`,
      );
      findings.require(
        keyArn === protecting || lossAccepted || leftBecause !== undefined,
        () => `generation ${generation} of ${name} is under ${keyArn}, and the account under ${protecting}`,
      );
      const recorded = records.some((one) => one.generation === generation && one.keyArn === keyArn);
      findings.require(
        recorded || !used.has(generation),
        () => `generation ${generation} of ${name} holds backups, and no record of its wrap lies beside them`,
      );
    }
  }
  const strangers = tenants.filter((other) => other.account.id !== id).flatMap(({ keys }) => keys.map(({ arn }) => arn));
  findings.require(!wraps.some(({ keyArn }) => strangers.includes(keyArn)), () => `${name} is under another tenant's key`);

  for (const { id: rotationId, retirement, fromArn } of rotations.items) {
    const isWantedAgain = rotations.items.some((later) => later.id > rotationId && later.toArn === fromArn);
    if (retirement === undefined || isWantedAgain) continue;
    const wanted = [...wraps, ...records].some(({ keyArn }) => keyArn === fromArn);
    findings.require(!wanted, () => `${fromArn} was certified as retired, and ${name} still depends on it`);
  }
}

/** Enabling leaves behind what is lost, and only by the admin's word. */
function checkLeft(world: World, { id, name }: { readonly id: string; readonly name: string }, generation: number): void {
  const line = `generation ${generation} of ${name} was left behind`;
  world.findings.require(world.damaged.has(`${id}/${generation}`), () => `${line}, and it opens`);
  world.findings.require(world.resigned.has(id), () => `${line}, and nobody had accepted that`);
  if (!world.log.some((text) => text.endsWith(line))) world.note(line);
}

type Wrap = Pick<KeyWrap, "accountId" | "generation" | "keyArn" | "ciphertext">;

/** The truth, whatever state the key is in: its owner could open the wrap. */
function opens({ ports, verified }: World, { accountId, generation, keyArn, ciphertext }: Wrap, checkValue: string): boolean {
  if (verified.wraps.has(ciphertext)) return true;
  const bytes = ports.kms.key(keyArn).open(ciphertext, accountKeyContext(accountId, generation));
  if (bytes === null || !AccountKey.takeOver(bytes).matches(checkValue)) return false;
  verified.wraps.add(ciphertext);
  return true;
}

/** A gate that is open is open rightfully: by an unwrap that was sent less than a lease ago, and by no lock. */
async function checkOpenGate(world: World, session: Session): Promise<void> {
  requireServable(world, session);
  const { clock, store } = world.ports;
  const locked = (await store.read.accounts.byId(session.job.accountId))?.keyLock?.lockedAt;
  const since = locked === undefined ? 0 : clock.now().getTime() - locked.getTime();
  world.findings.require(since <= LOCK_MS, () => `${session.process.name} serves ${since} ms after a lock`);
}

export function requireServable({ ports, findings }: World, { process, job, key }: Session): void {
  const sent = process.openedAt.get(`${job.accountId}/${key.generation}`);
  const age = sent === undefined ? Number.POSITIVE_INFINITY : ports.clock.monotonicMs() - sent;
  findings.require(
    age < LEASE_SECONDS * 1000,
    () => `${process.name} serves generation ${key.generation} ${age} ms after the last unwrap that succeeded`,
  );
}
