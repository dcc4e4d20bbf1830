import { SYSTEM } from "../../access/caller.js";
import type { Problem } from "../../errors/outcome.js";
import type { Job } from "../../jobs/job.js";
import type { GenerationFailure, KeyRotation } from "../../rotation/rotation.js";
import { failed } from "../../rotation/transitions.js";
import { undoRotation } from "../../rotation/undo-rotation.js";
import type { Verdict } from "./judge-failure.js";
import { FIRST_DELAY_MS } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { endOf, moving, rotationStep } from "./rotation-step.js";

/** A generation that this run could not move. */
export interface Unmoved {
  readonly generation: number;
  readonly problem: Problem;
  readonly verdict: Exclude<Verdict, "pause" | "later">;
}

interface Failures {
  readonly unmoved: readonly Unmoved[];
  /** By generation: what earlier runs recorded. */
  readonly before: ReadonlyMap<number, GenerationFailure>;
}

/**
 * Records each generation that could not be moved, with the number of backups that it holds. None is given up at first sight:
 * those that failed for the first time are tried again by another run. Then the rotation fails, unless the losses are
 * accepted. Answers the generations that the switch leaves behind.
 */
export async function settleFailures(
  ports: RotationPorts,
  job: Job,
  rotation: KeyRotation,
  { unmoved, before }: Failures,
): Promise<readonly Unmoved[] | PhaseEnd> {
  if (unmoved.length === 0) return [];
  const recorded = await record(ports, job, rotation, unmoved);
  if (recorded !== null) return recorded;
  if (unmoved.some(({ generation }) => !before.has(generation))) return lookAgain(ports, job);
  const stopping = unmoved.filter(
    ({ verdict }) => verdict === "unprovable" || (verdict === "unreadable" && !rotation.acceptsLoss),
  );
  return stopping.length === 0 ? unmoved : failRotation(ports, job, problemOfAll(stopping, rotation));
}

async function record(
  ports: RotationPorts,
  job: Job,
  { accountId }: KeyRotation,
  unmoved: readonly Unmoved[],
): Promise<PhaseEnd | null> {
  const backups = await ports.store.read.backups.countByGeneration(accountId);
  const step = await rotationStep(ports, job, moving, async (tx, _, { id: rotationId }) => {
    for (const { generation, problem } of unmoved) {
      await tx.rotations.putFailure({ rotationId, generation, problem, backups: backups.get(generation) ?? 0n });
    }
  });
  return step.kind === "written" ? null : endOf(step);
}

async function lookAgain(ports: RotationPorts, job: Job): Promise<PhaseEnd> {
  const step = await rotationStep(ports, job, moving, async (tx, must) => must(await tx.jobs.release(job, FIRST_DELAY_MS)));
  return step.kind === "moved-on" ? "again" : "done";
}

function problemOfAll(stopping: readonly Unmoved[], { total }: KeyRotation): Problem {
  const [first] = stopping;
  if (first === undefined) throw new Error("nothing stops the rotation");
  return { ...first.problem, message: `${stopping.length} of ${total} generation(s) cannot be moved. ${first.problem.message}` };
}

/** No switch: the account is ENABLED under its current key again. The key records that were written are taken away next. */
export async function failRotation(ports: RotationPorts, job: Job, problem: Problem): Promise<PhaseEnd> {
  const step = await rotationStep(ports, job, moving, async (tx, must, rotation) => {
    const now = ports.clock.now();
    const ended = failed(rotation, problem, now);
    if (ended === null) throw new Error(`rotation ${rotation.id} cannot fail`);
    must(await tx.rotations.saveFenced(ended, "RUNNING", job));
    await undoRotation(tx, rotation);
    await tx.audit.append(rotation.accountId, now, {
      actor: SYSTEM.subject,
      action: "ROTATION_FAILED",
      outcome: "FAILED",
      subject: rotation.id,
      detail: `${problem.code}: ${problem.message} The account stays under ${rotation.fromArn}.`,
      awsRequestIds: [],
    });
  });
  return endOf(step);
}
