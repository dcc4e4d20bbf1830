import { SYSTEM } from "../../access/caller.js";
import { problem } from "../../errors/catalog.js";
import type { Problem } from "../../errors/outcome.js";
import { problemOf } from "../../errors/problem-of.js";
import type { Job } from "../../jobs/job.js";
import { createMover } from "../../keys/move-generation.js";
import { proveNewKey } from "../../rotation/probe-key.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { resumed, troubled } from "../../rotation/transitions.js";
import { judgeFailure } from "./judge-failure.js";
import { FIRST_DELAY_MS } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { endOf, rotationStep, stoppedByKey } from "./rotation-step.js";

interface Obstacle {
  readonly problem: Problem;
  /** False: it passes by itself, and the refusal that is known stays the one that is shown. */
  readonly definitive: boolean;
}

/** Tries both keys; the rotation goes on by itself once they work, and otherwise the job comes back later. */
export async function awaitKey(ports: RotationPorts, job: Job, rotation: KeyRotation): Promise<PhaseEnd> {
  const obstacle = await obstacleTo(ports, rotation);
  const step = await rotationStep(ports, job, stoppedByKey, async (tx, must, stopped): Promise<PhaseEnd> => {
    const now = ports.clock.now();
    if (obstacle === null) {
      const running = resumed(stopped);
      if (running === null) throw new Error(`rotation ${stopped.id} cannot resume`);
      must(await tx.rotations.saveFenced(running, "PAUSED", job));
      await tx.audit.append(stopped.accountId, now, {
        actor: SYSTEM.subject,
        action: "ROTATION_RESUMED",
        outcome: "DONE",
        subject: stopped.id,
        detail: "Both keys can be used; the rotation goes on.",
        awsRequestIds: [],
      });
      return "again";
    }
    const shown = obstacle.definitive ? troubled(stopped, obstacle.problem) : null;
    if (shown !== null) must(await tx.rotations.saveFenced(shown, "PAUSED", job));
    const waited = now.getTime() - (stopped.pausedAt ?? now).getTime();
    must(await tx.jobs.release(job, delayAfter(ports, waited)));
    return "done";
  });
  return step.kind === "written" ? step.value : endOf(step);
}

/** As long again as it has already waited: 2 s at least, one health interval at most. */
const delayAfter = ({ settings }: RotationPorts, waitedMs: number): number =>
  Math.min(settings.healthIntervalSeconds * 1000, Math.max(FIRST_DELAY_MS, waitedMs));

/** Null: nothing is in the way. The keys are tried as the run uses them: by moving a generation that is still to be moved. */
async function obstacleTo(ports: RotationPorts, rotation: KeyRotation): Promise<Obstacle | null> {
  const { accountId, fromArn, toArn } = rotation;
  const { accounts, keys } = ports.store.read;
  if ((await accounts.byId(accountId))?.keyLock) return { problem: problem("KEYS_LOCKED"), definitive: true };
  const wraps = await keys.wraps(accountId);
  const moved = new Set(wraps.filter((wrap) => wrap.keyArn === toArn).map((wrap) => wrap.generation));
  const next = wraps.find((wrap) => wrap.keyArn === fromArn && wrap.state === "CURRENT" && !moved.has(wrap.generation));
  const generation = next && (await keys.generation(accountId, next.generation));
  const tried = next && generation && (await createMover(ports, { fromArn, toArn }).move(generation, next));
  const outcome = tried ?? (await proveNewKey(ports, accountId, toArn));
  if (outcome.ok) return null;
  // What is wrong with one generation alone is for the run to record.
  const verdict = judgeFailure(rotation, fromArn, outcome.error);
  if (verdict !== "pause" && verdict !== "later") return null;
  return { problem: problemOf(outcome.error), definitive: verdict === "pause" };
}
