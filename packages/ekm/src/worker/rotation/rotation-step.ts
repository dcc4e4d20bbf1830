import type { Job } from "../../jobs/job.js";
import type { Repositories } from "../../ports/store.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { inFence } from "../fenced.js";
import { JOB_LEASE_MS } from "../job-lease.js";
import type { RotationPorts } from "./rotation-ports.js";

export type Step<T> =
  | { readonly kind: "written"; readonly value: T }
  /** The rotation is no longer in the phase: paused, cancelled or switched meanwhile. Nothing was written. */
  | { readonly kind: "moved-on" }
  /** Another worker holds the job. Nothing was written. */
  | { readonly kind: "lost" };

export type Phase = (rotation: KeyRotation) => boolean;
export const moving: Phase = ({ status, switchedAt }) => status === "RUNNING" && switchedAt === undefined;
export const retiring: Phase = ({ status, switchedAt }) => status === "RUNNING" && switchedAt !== undefined;
export const stoppedByKey: Phase = ({ pausedBy }) => pausedBy === "KEY";
export const stoppedByAdmin: Phase = ({ pausedBy }) => pausedBy === "ADMIN";

/** One transaction of a rotation's job: renews the lease, and works on the rotation as it is now if it is still in the phase. */
export async function rotationStep<T>(
  { store }: Pick<RotationPorts, "store">,
  job: Job,
  phase: Phase,
  work: (tx: Repositories, must: (held: boolean) => void, rotation: KeyRotation) => Promise<T>,
): Promise<Step<T>> {
  const step = await inFence<Step<T>>(store, async (tx, must) => {
    must(await tx.jobs.renew(job, JOB_LEASE_MS));
    const rotation = await tx.rotations.byId(job.subjectId);
    if (rotation === null || !phase(rotation)) return { kind: "moved-on" };
    return { kind: "written", value: await work(tx, must, rotation) };
  });
  return step ?? { kind: "lost" };
}

/** What a phase answers after a step that was not its last. */
export const endOf = (step: Step<unknown>): "again" | "done" => (step.kind === "lost" ? "done" : "again");
