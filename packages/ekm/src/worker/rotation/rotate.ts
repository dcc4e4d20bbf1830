import type { Job } from "../../jobs/job.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { completeIdle, inFence } from "../fenced.js";
import type { WorkerUseCases } from "../worker-use-cases.js";
import { awaitKey } from "./await-key.js";
import { clearNewRecords } from "./clear-new-records.js";
import { moveGenerations } from "./move-generations.js";
import { retireFormerKey } from "./retire-former-key.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import { endOf, rotationStep, stoppedByAdmin } from "./rotation-step.js";
import { whileHeld } from "./while-held.js";

/**
 * Works on a rotation from wherever it stands: the row alone says what is next, so a crash, another worker or another day
 * makes no difference. While a rotation is not through it has exactly one job, which a wait releases with a delay.
 */
export function rotate(ports: RotationPorts): WorkerUseCases["rotate"] {
  return (job, shutdown) =>
    whileHeld(ports, job, shutdown, async (stop) => {
      for (;;) {
        if (stop.aborted) return shutdown.aborted ? "give-back" : "done";
        const rotation = await ports.store.read.rotations.byId(job.subjectId);
        const end = rotation === null ? await nothingLeft(ports, job) : await advance(ports, job, rotation, stop);
        if (end === "done") return "done";
      }
    });
}

function advance(ports: RotationPorts, job: Job, rotation: KeyRotation, stop: AbortSignal): Promise<PhaseEnd> {
  switch (rotation.status) {
    case "RUNNING":
      return rotation.switchedAt === undefined
        ? moveGenerations(ports, job, rotation, stop)
        : retireFormerKey(ports, job, rotation, stop);
    case "PAUSED":
      return rotation.pausedBy === "KEY" ? awaitKey(ports, job, rotation) : awaitAdmin(ports, job);
    case "CANCELLED":
    case "FAILED":
      return clearNewRecords(ports, job, rotation, stop);
    case "COMPLETED":
      return nothingLeft(ports, job);
  }
}

async function nothingLeft({ store }: RotationPorts, job: Job): Promise<PhaseEnd> {
  await inFence(store, (tx) => completeIdle(tx, job));
  return "done";
}

/** The job stays; resuming has it claimed at once. */
async function awaitAdmin(ports: RotationPorts, job: Job): Promise<PhaseEnd> {
  const delay = ports.settings.healthIntervalSeconds * 1000;
  const step = await rotationStep(ports, job, stoppedByAdmin, async (tx, must) => must(await tx.jobs.release(job, delay)));
  return step.kind === "moved-on" ? endOf(step) : "done";
}
