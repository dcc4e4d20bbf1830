import type { Account } from "../../src/accounts/account.js";
import type { AuditEvent } from "../../src/audit/event.js";
import type { KeyHealth } from "../../src/health/health.js";
import type { Backup, Restore } from "../../src/jobs/job.js";
import type { KeyWrap } from "../../src/keys/generation.js";
import { leftBehind } from "../../src/keys/left-behind.js";
import type { Clock } from "../../src/ports/clock.js";
import type { Repositories, Store } from "../../src/ports/store.js";
import type { KeyRotation } from "../../src/rotation/rotation.js";
import type { Findings } from "./violation.js";

/** All of one account that a transaction may change and that the audit log must speak of. */
interface Snapshot {
  readonly account: Account | null;
  readonly wraps: readonly KeyWrap[];
  /** Generations that enabling left under the vendor's key. */
  readonly left: ReadonlyMap<number, string>;
  readonly health: KeyHealth | null;
  readonly rotations: ReadonlyMap<string, KeyRotation>;
  readonly jobs: ReadonlyMap<string, Backup | Restore>;
  readonly entries: readonly AuditEvent[];
}

/**
 * The store, with every transaction held to what a transaction may do: state changes only along the lines of the design, each
 * with its one audit entry in the same transaction, and nothing that has ended ever changes again.
 */
export function observedStore(
  inner: Store,
  clock: Clock,
  accounts: () => readonly string[],
  leaseMs: number,
  findings: Findings,
): Store {
  /** Transactions run one after another, so what one left is what the next finds. */
  const left = new Map<string, Snapshot>();
  return {
    ...inner,
    read: inner.read,
    async transaction(work) {
      const ending = new Map<string, Snapshot>();
      const result = await inner.transaction(async (tx) => {
        for (const id of accounts()) if (!left.has(id)) left.set(id, await snapshot(tx, id));
        const done = await work(tx);
        for (const [id, before] of left) {
          const after = await snapshot(tx, id);
          judge(before, after, clock.now().getTime(), leaseMs, findings);
          ending.set(id, after);
        }
        return done;
      });
      for (const [id, after] of ending) left.set(id, after);
      return result;
    },
  };
}

async function snapshot(tx: Repositories, accountId: string): Promise<Snapshot> {
  const page = { first: 1000 };
  const [account, generations, wraps, health, rotations, backups, restores, entries] = await Promise.all([
    tx.accounts.byId(accountId),
    tx.keys.generations(accountId),
    tx.keys.wraps(accountId),
    tx.health.current(accountId),
    tx.rotations.page(accountId, page),
    tx.backups.page(accountId, page, {}),
    tx.restores.page(accountId, page, {}),
    tx.audit.page(accountId, { first: 12 }, {}),
  ]);
  return {
    account,
    wraps,
    left: leftBehind({ generations, wraps }, account?.vendorKey?.arn),
    health,
    rotations: new Map(rotations.items.map((row) => [row.id, row])),
    jobs: new Map([...backups.items, ...restores.items].map((row) => [row.id, row])),
    entries: [...entries.items].reverse(),
  };
}

/** From each status to those that may follow it. */
const LIFE: Readonly<Record<Account["ekm"]["status"], readonly Account["ekm"]["status"][]>> = {
  NOT_ACTIVATED: ["ACTIVATED"],
  ACTIVATED: ["NOT_ACTIVATED", "ENABLED"],
  ENABLED: ["ROTATING"],
  ROTATING: ["ENABLED"],
};

function judge(before: Snapshot, after: Snapshot, nowMs: number, leaseMs: number, findings: Findings): void {
  const last = before.entries.at(-1)?.sequence ?? 0;
  const written = after.entries.filter(({ sequence }) => sequence > last);
  const changes = [
    ...accountChanges(before, after, findings),
    ...rotationChanges(before, after, findings),
    ...wrapChanges(before, after, nowMs, leaseMs, findings),
    ...jobChanges(before, after, findings),
  ];
  for (const { action, what } of changes) {
    const matching = written.filter((entry) => entry.action === action);
    const wanted = changes.filter((change) => change.action === action).length;
    findings.require(
      matching.length === wanted,
      () => `${what}, and the transaction has ${matching.length} audit entries ${action} instead of ${wanted}`,
    );
  }
}

interface Change {
  readonly action: AuditEvent["action"];
  readonly what: string;
}

function accountChanges({ account: a, health: h }: Snapshot, { account: b, health: i }: Snapshot, findings: Findings): Change[] {
  if (a === null || b === null) return [];
  const changes: Change[] = [];
  const add = (action: Change["action"], what: string) => changes.push({ action, what: `${b.id} ${what}` });
  const [from, to] = [a.ekm.status, b.ekm.status];
  if (from !== to) {
    findings.require(LIFE[from].includes(to), () => `${b.id} went from ${from} to ${to}`);
    if (to === "ACTIVATED") add("EKM_ACTIVATED", "was activated");
    if (to === "NOT_ACTIVATED") add("EKM_ACTIVATION_WITHDRAWN", "was withdrawn");
    if (to === "ENABLED" && from === "ACTIVATED") add("EKM_ENABLED", "was enabled");
    if (to === "ROTATING") add("ROTATION_STARTED", "began to rotate");
  }
  if ((a.keyLock === undefined) !== (b.keyLock === undefined)) add(b.keyLock ? "KEYS_LOCKED" : "KEYS_UNLOCKED", "(un)locked");
  if ("key" in a.ekm && "key" in b.ekm && a.ekm.key.arn !== b.ekm.key.arn) add("ROTATION_SWITCHED", "has another key");
  const keysChanged = arnOf(a) !== arnOf(b) || (a.keyLock === undefined) !== (b.keyLock === undefined);
  findings.require(!keysChanged || b.keyEpoch > a.keyEpoch, () => `${b.id}: its keys changed and its epoch did not`);
  const healthChanged =
    h !== null && i !== null && h.keyArn === i.keyArn && (h.state !== i.state || h.problem?.code !== i.problem?.code);
  // A lock, an unlocking and a switch say it themselves.
  if (healthChanged && !changes.some(({ action }) => /^KEYS_|SWITCHED$/.test(action)))
    add("KEY_HEALTH_CHANGED", "has another health");
  return changes;
}

const arnOf = ({ ekm }: Account): string | undefined => ("key" in ekm ? ekm.key.arn : undefined);

function rotationChanges(before: Snapshot, after: Snapshot, findings: Findings): Change[] {
  const changes: Change[] = [];
  for (const [id, to] of after.rotations) {
    const from = before.rotations.get(id);
    if (from === undefined || from.status === to.status) continue;
    findings.require(from.finishedAt === undefined, () => `${id} went from ${from.status} to ${to.status} after its end`);
    findings.require(to.status !== "CANCELLED" || to.switchedAt === undefined, () => `${id} was cancelled after its switch`);
    const action =
      to.status === "PAUSED"
        ? "ROTATION_PAUSED"
        : to.status === "RUNNING"
          ? "ROTATION_RESUMED"
          : (`ROTATION_${to.status}` as const);
    changes.push({ action, what: `${id} is ${to.status}` });
    if (to.status !== "COMPLETED") continue;
    const strangers = after.wraps.filter(({ keyArn, generation }) => keyArn !== to.toArn && !after.left.has(generation));
    findings.require(
      strangers.length === 0 || to.acceptsLoss || to.retirement === undefined,
      () => `${id} is COMPLETED with wraps under ${strangers.map(({ keyArn }) => keyArn)}`,
    );
  }
  return changes;
}

/** A generation's current wrap is replaced, never taken away; a former one goes one lease after the switch, not before. */
function wrapChanges(before: Snapshot, after: Snapshot, nowMs: number, leaseMs: number, findings: Findings): Change[] {
  const current = new Set(after.wraps.filter(({ state }) => state === "CURRENT").map(({ generation }) => generation));
  const kept = new Set(after.wraps.map(({ id }) => id));
  const known = new Set(before.wraps.map(({ id }) => id));
  for (const wrap of before.wraps) {
    const { generation, keyArn, state } = wrap;
    if (state === "CURRENT")
      findings.require(current.has(generation), () => `generation ${generation} has no current wrap any more`);
    const isFormer = state === "SUPERSEDED" || (state === "CURRENT" && before.account?.ekm.status === "ROTATING");
    if (!isFormer || kept.has(wrap.id)) continue;
    const switchedAt = [...after.rotations.values()].find((one) => one.status === "RUNNING" && one.switchedAt)?.switchedAt;
    findings.require(
      switchedAt !== undefined && nowMs - switchedAt.getTime() >= leaseMs,
      () => `the former wrap of generation ${generation} under ${keyArn} went before a lease was over`,
    );
  }
  return after.wraps
    .filter(({ id, state, rotationId }) => !known.has(id) && state === "PENDING" && rotationId !== undefined)
    .map(({ generation }) => ({ action: "GENERATION_REWRAPPED", what: `generation ${generation} was moved` }));
}

const ENDED = ["SUCCEEDED", "FAILED", "CANCELLED"];

function jobChanges(before: Snapshot, after: Snapshot, findings: Findings): Change[] {
  const changes: Change[] = [];
  for (const [id, to] of after.jobs) {
    const from = before.jobs.get(id);
    const action = "sourceId" in to ? "BACKUP" : "RESTORE";
    if (from === undefined) changes.push({ action, what: `${id} was requested` });
    if (from !== undefined && from.cancelRequestedAt === undefined && to.cancelRequestedAt !== undefined) {
      changes.push({ action, what: `${id} is to be cancelled` });
    }
    if (from === undefined || from.status === to.status) continue;
    findings.require(!ENDED.includes(from.status), () => `${id} went from ${from.status} to ${to.status} after its end`);
    if (ENDED.includes(to.status)) changes.push({ action, what: `${id} is ${to.status}` });
  }
  return changes;
}
