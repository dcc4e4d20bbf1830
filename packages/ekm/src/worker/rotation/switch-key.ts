import { SYSTEM } from "../../access/caller.js";
import type { CustomerKey } from "../../accounts/account.js";
import { saveAccount } from "../../accounts/write-account.js";
import { problem } from "../../errors/catalog.js";
import { putHealth } from "../../health/record-observation.js";
import type { Job } from "../../jobs/job.js";
import type { CanaryWrap, KeyWrap } from "../../keys/generation.js";
import type { Repositories } from "../../ports/store.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { switched } from "../../rotation/transitions.js";
import { pauseByKey } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { moving, rotationStep } from "./rotation-step.js";
import { failRotation } from "./settle-failures.js";

/** A generation that begins with the switch. */
export interface FreshGeneration {
  readonly wrap: KeyWrap;
  readonly checkValue: string;
}

export interface Prepared {
  readonly canary: CanaryWrap;
  /** Generations that stay under another key. Every other one must have a wrap under the new key. */
  readonly left: readonly number[];
  readonly fresh?: FreshGeneration;
}

type Obstacle = "stale" | "locked" | "taken";

/**
 * The point of no return: one transaction, no call. From it on the new key serves data; the former wraps are superseded and
 * stay for one more lease. A generation that was born meanwhile is picked up by another run first.
 */
export async function switchKey(ports: RotationPorts, job: Job, prepared: Prepared): Promise<PhaseEnd> {
  const step = await rotationStep(ports, job, moving, async (tx, must, rotation): Promise<Obstacle | null> => {
    const account = await tx.accounts.byId(rotation.accountId);
    if (account?.ekm.status !== "ROTATING" || account.ekm.rotationId !== rotation.id) {
      throw new Error(`account ${rotation.accountId} is not in rotation ${rotation.id}`);
    }
    if (account.keyLock) return "locked";
    if (!(await isAsPrepared(tx, rotation, prepared))) return "stale";
    if (await isTaken(tx, rotation)) return "taken";

    const now = ports.clock.now();
    const { toArn, toMultiRegion, toWarnings } = rotation;
    await switchWraps(tx, rotation, prepared, now);
    const key: CustomerKey = { arn: toArn, multiRegion: toMultiRegion, enabledAt: now, warnings: toWarnings };
    const saved = await saveAccount(tx, { ...account, ekm: { ...account.ekm, key }, keyEpoch: account.keyEpoch + 1 });
    await putHealth(tx, ports.ids, { account: saved, key, before: null, observation: { kind: "usable" } }, now);
    const after = switched(rotation, now);
    if (after === null) throw new Error(`rotation ${rotation.id} cannot switch`);
    must(await tx.rotations.saveFenced(after, "RUNNING", job));
    await tx.audit.append(account.id, now, {
      actor: SYSTEM.subject,
      action: "ROTATION_SWITCHED",
      outcome: "DONE",
      subject: rotation.id,
      detail: `The account uses ${toArn} from now on${leftBehind(rotation, prepared)}.`,
      awsRequestIds: [],
    });
    must(await tx.jobs.release(job, ports.settings.leaseSeconds * 1000));
    return null;
  });
  if (step.kind !== "written") return step.kind === "lost" ? "done" : "again";
  switch (step.value) {
    case null:
      return "done";
    case "stale":
      return "again";
    case "locked":
      return pauseByKey(ports, job, problem("KEYS_LOCKED"));
    case "taken":
      return failRotation(ports, job, problem("KEY_TAKEN", { keyArn: prepared.canary.keyArn }));
  }
}

/** Generations may have been born since; each but those that are left needs its wrap under the new key. */
async function isAsPrepared(tx: Repositories, { accountId, toArn }: KeyRotation, { left, fresh }: Prepared): Promise<boolean> {
  const generations = await tx.keys.generations(accountId);
  const under = (await tx.keys.wraps(accountId)).filter((wrap) => wrap.keyArn === toArn);
  const covered = new Set([...left, ...under.map((wrap) => wrap.generation)]);
  if (!generations.every(({ generation }) => covered.has(generation))) return false;
  return fresh === undefined || fresh.wrap.generation === (generations.at(-1)?.generation ?? 0) + 1;
}

/** A key whose policy names no account may have been taken by another account since the rotation began. */
const isTaken = async (tx: Repositories, { accountId, toArn, toWarnings }: KeyRotation): Promise<boolean> =>
  toWarnings.includes("KEY_POLICY_TOO_WIDE") && (await tx.accounts.usingKey(toArn, accountId)).length > 0;

async function switchWraps(tx: Repositories, { accountId, toArn }: KeyRotation, { canary, fresh }: Prepared, now: Date) {
  await tx.keys.promoteWraps(accountId, toArn);
  await tx.keys.putCanary(canary);
  if (fresh === undefined) return;
  for (const { generation, closedAt } of await tx.keys.generations(accountId)) {
    if (closedAt === undefined) await tx.keys.closeGeneration(accountId, generation, now);
  }
  const { wrap, checkValue } = fresh;
  await tx.keys.insertGeneration({ accountId, generation: wrap.generation, checkValue, createdAt: now, reservedWraps: 0 });
  await tx.keys.insertWrap(wrap);
}

const leftBehind = ({ fromArn }: KeyRotation, { left, fresh }: Prepared): string =>
  fresh === undefined ? "" : `; ${left.length} generation(s) stay under former keys (${fromArn}), and a new generation began`;
