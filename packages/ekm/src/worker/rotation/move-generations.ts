import { SYSTEM } from "../../access/caller.js";
import { problem } from "../../errors/catalog.js";
import { problemOf } from "../../errors/problem-of.js";
import { withIntent } from "../../intents/with-intent.js";
import type { Job } from "../../jobs/job.js";
import { withdrawRecord } from "../../keyring/withdraw-record.js";
import type { KeyGeneration, KeyWrap } from "../../keys/generation.js";
import { createMover, type Moved, type Mover } from "../../keys/move-generation.js";
import { isStorageFault } from "../../ports/key-records.js";
import type { KmsFailure } from "../../ports/key-service.js";
import { recordRequestIds } from "../../preflight/record-request-ids.js";
import type { GenerationFailure, KeyRotation } from "../../rotation/rotation.js";
import { progressed } from "../../rotation/transitions.js";
import { judgeFailure } from "./judge-failure.js";
import { pauseByKey, tryLater } from "./obstacle.js";
import { prepareSwitch } from "./prepare-switch.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { endOf, moving, rotationStep } from "./rotation-step.js";
import { settleFailures, type Unmoved } from "./settle-failures.js";

interface Run {
  readonly ports: RotationPorts;
  readonly job: Job;
  readonly rotation: KeyRotation;
  readonly mover: Mover;
  readonly stop: AbortSignal;
  readonly awsRequestIds: string[];
  /** By generation: what earlier runs recorded. */
  readonly before: ReadonlyMap<number, GenerationFailure>;
}

/**
 * Moves every generation that has no wrap under the new key yet, one by one, and then switches. What is in the way of one
 * generation only is recorded and the rest goes on. Each generation is one transaction, so a crash costs at most one.
 */
export async function moveGenerations(
  ports: RotationPorts,
  job: Job,
  rotation: KeyRotation,
  stop: AbortSignal,
): Promise<PhaseEnd> {
  const { accountId, fromArn, toArn } = rotation;
  const failures = await ports.store.read.rotations.failures(rotation.id);
  return withIntent(ports, { accountId, purpose: "ROTATE", keyArn: toArn }, async () => {
    const { keyService, awsRequestIds } = recordRequestIds(ports.keyService);
    const value = await run({
      ports: { ...ports, keyService },
      job,
      rotation,
      mover: createMover({ ...ports, keyService }, { fromArn, toArn }),
      stop,
      awsRequestIds,
      before: new Map(failures.map((failure) => [failure.generation, failure])),
    });
    return { value, done: true, awsRequestIds };
  });
}

async function run(run: Run): Promise<PhaseEnd> {
  const { ports, job, rotation, stop } = run;
  const { accountId, toArn } = rotation;
  const { keys } = ports.store.read;
  const generations = await keys.generations(accountId);
  const wraps = await keys.wraps(accountId);
  const moved = new Set(wraps.filter((wrap) => wrap.keyArn === toArn).map((wrap) => wrap.generation));
  const current = new Map(wraps.filter((wrap) => wrap.state === "CURRENT").map((wrap) => [wrap.generation, wrap]));

  const unmoved: Unmoved[] = [];
  for (const generation of generations) {
    if (moved.has(generation.generation)) continue;
    if (stop.aborted) return "again";
    if ((await ports.store.read.accounts.byId(accountId))?.keyLock) return pauseByKey(ports, job, problem("KEYS_LOCKED"));
    const from = current.get(generation.generation);
    const end = await moveOne(run, generation, from);
    if (typeof end === "string") return end;
    if (end !== null) unmoved.push(end);
    else moved.add(generation.generation);
  }

  const left = await settleFailures(ports, job, rotation, { unmoved, before: run.before });
  if (typeof left === "string") return left;
  return prepareSwitch(ports, job, rotation, { generations, left });
}

/** Null: it has been moved. A phase's end: this run is over. */
async function moveOne(run: Run, generation: KeyGeneration, from: KeyWrap | undefined): Promise<Unmoved | PhaseEnd | null> {
  const { ports, job, rotation, awsRequestIds } = run;
  const asked = awsRequestIds.length;
  const outcome = await run.mover.move(generation, from);
  if (!outcome.ok) {
    // What enabling left behind and has no wrap was never under the key that is being replaced.
    const sourceArn = from?.keyArn ?? (generation.leftBecause === undefined ? rotation.fromArn : null);
    return afterFailure(run, generation, sourceArn, outcome.error);
  }
  const wrap: KeyWrap = {
    id: ports.ids.next("wrp"),
    accountId: rotation.accountId,
    generation: generation.generation,
    keyArn: rotation.toArn,
    ciphertext: outcome.value.ciphertext,
    state: "PENDING",
    rotationId: rotation.id,
    createdAt: ports.clock.now(),
  };
  try {
    await ports.keyRecords.put(wrap, generation.checkValue);
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    return tryLater(ports, job, problem("STORAGE_UNAVAILABLE"));
  }
  const kept = await keep(run, {
    wrap,
    fromArn: from?.keyArn ?? rotation.fromArn,
    moved: outcome.value,
    requests: awsRequestIds.slice(asked),
  });
  if (kept !== null) await withdrawRecord(ports, wrap, generation.checkValue);
  return kept;
}

async function afterFailure(
  { ports, job, rotation }: Run,
  { generation }: KeyGeneration,
  sourceArn: string | null,
  failure: KmsFailure,
): Promise<Unmoved | PhaseEnd> {
  const verdict = judgeFailure(rotation, sourceArn, failure);
  if (verdict === "pause") return pauseByKey(ports, job, problemOf(failure));
  if (verdict === "later") return tryLater(ports, job, problemOf(failure));
  return { generation, problem: problemOf(failure), verdict };
}

interface Kept {
  readonly wrap: KeyWrap;
  readonly fromArn: string;
  readonly moved: Moved;
  readonly requests: readonly string[];
}

/** The row, the rotation's progress and the audit entry: after the record lies beside the backups, and under the fence. */
async function keep(
  { ports, job, before }: Run,
  { wrap, fromArn, moved: { way, fromRecord }, requests }: Kept,
): Promise<PhaseEnd | null> {
  const step = await rotationStep(ports, job, moving, async (tx, must, rotation) => {
    await tx.keys.insertWrap(wrap);
    const further = progressed(rotation, rotation.rewrapped + 1, Math.max(rotation.total, rotation.rewrapped + 1));
    if (further === null) throw new Error(`rotation ${rotation.id} does not move`);
    must(await tx.rotations.saveFenced(further, "RUNNING", job));
    if (before.has(wrap.generation)) {
      const others = (await tx.rotations.failures(rotation.id)).filter(({ generation }) => generation !== wrap.generation);
      await tx.rotations.deleteFailures(rotation.id);
      for (const failure of others) await tx.rotations.putFailure(failure);
    }
    await tx.audit.append(rotation.accountId, ports.clock.now(), {
      actor: SYSTEM.subject,
      action: "GENERATION_REWRAPPED",
      outcome: "DONE",
      subject: rotation.id,
      detail: `Generation ${wrap.generation} was moved from ${fromRecord ? "its record beside the backups" : fromArn} to ${wrap.keyArn} by ${way}, opened there and compared.`,
      awsRequestIds: requests,
    });
  });
  return step.kind === "written" ? null : endOf(step);
}
