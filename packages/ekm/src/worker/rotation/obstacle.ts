import { SYSTEM } from "../../access/caller.js";
import type { Problem } from "../../errors/outcome.js";
import type { Job } from "../../jobs/job.js";
import { pausedByKey, troubled } from "../../rotation/transitions.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { moving, retiring, rotationStep } from "./rotation-step.js";

type ObstaclePorts = Pick<RotationPorts, "store" | "clock" | "settings">;

export const FIRST_DELAY_MS = 2_000;

/** The pause before the next try: 2 s, doubling, up to one health interval. */
export function retryDelay({ settings }: Pick<RotationPorts, "settings">, tries: number): number {
  return Math.min(settings.healthIntervalSeconds * 1000, FIRST_DELAY_MS * 2 ** Math.min(Math.max(tries - 1, 0), 10));
}

/** A key refuses, or the account's keys are locked: the rotation pauses by itself, and the job comes back to see whether that is over. */
export async function pauseByKey(ports: ObstaclePorts, job: Job, problem: Problem): Promise<PhaseEnd> {
  const step = await rotationStep(ports, job, moving, async (tx, must, rotation) => {
    const now = ports.clock.now();
    const paused = pausedByKey(rotation, problem, now);
    if (paused === null) throw new Error(`rotation ${rotation.id} cannot pause`);
    must(await tx.rotations.saveFenced(paused, "RUNNING", job));
    await tx.audit.append(rotation.accountId, now, {
      actor: SYSTEM.subject,
      action: "ROTATION_PAUSED",
      outcome: "REFUSED",
      subject: rotation.id,
      detail: `${whatRefuses(problem)} The rotation goes on by itself once that is over.`,
      awsRequestIds: problem.awsRequestId === undefined ? [] : [problem.awsRequestId],
    });
    must(await tx.jobs.release(job, retryDelay(ports, 1)));
  });
  return step.kind === "moved-on" ? "again" : "done";
}

const whatRefuses = ({ code, keyArn }: Problem): string =>
  keyArn === undefined ? `Stopped by ${code}.` : `The key ${keyArn} refuses with ${code}.`;

/** Something that passes: shown as the rotation's problem, and tried again later and later. */
export async function tryLater(ports: ObstaclePorts, job: Job, problem: Problem): Promise<PhaseEnd> {
  const running = (rotation: Parameters<typeof moving>[0]) => moving(rotation) || retiring(rotation);
  const step = await rotationStep(ports, job, running, async (tx, must, rotation) => {
    const shown = troubled(rotation, problem);
    if (shown !== null) must(await tx.rotations.saveFenced(shown, "RUNNING", job));
    must(await tx.jobs.release(job, retryDelay(ports, job.attempts)));
  });
  return step.kind === "moved-on" ? "again" : "done";
}
