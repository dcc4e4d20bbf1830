import type { Problem } from "../errors/outcome.js";
import { isActive, isCancellable, type KeyRotation, type RetirementCertificate } from "./rotation.js";

/*
 * Every change of a rotation's state, as a pure function. Null: the rotation is not in a state from which this is possible,
 * and stays as it is.
 */

const isBeforeSwitch = ({ switchedAt }: KeyRotation): boolean => switchedAt === undefined;
const isRunning = ({ status }: KeyRotation): boolean => status === "RUNNING";

const withoutProblem = ({ problem: _, ...rotation }: KeyRotation): KeyRotation => rotation;
const withoutPause = ({ pausedAt: _, pausedBy: __, ...rotation }: KeyRotation): KeyRotation => rotation;

/** By the admin: it waits for the admin. One that a key had stopped now waits for the admin too. */
export const pausedByAdmin = (rotation: KeyRotation, at: Date): KeyRotation | null =>
  isCancellable(rotation) ? { ...rotation, status: "PAUSED", pausedBy: "ADMIN", pausedAt: rotation.pausedAt ?? at } : null;

/** By itself: a key refuses, or the account's keys are locked. */
export const pausedByKey = (rotation: KeyRotation, problem: Problem, at: Date): KeyRotation | null =>
  isRunning(rotation) && isBeforeSwitch(rotation)
    ? { ...rotation, status: "PAUSED", pausedBy: "KEY", pausedAt: at, problem }
    : null;

export const resumed = (rotation: KeyRotation): KeyRotation | null =>
  rotation.status === "PAUSED" ? withoutPause(withoutProblem({ ...rotation, status: "RUNNING" })) : null;

/** Something is in the way and is tried again: shown, without a change of state. */
export const troubled = (rotation: KeyRotation, problem: Problem): KeyRotation | null =>
  isActive(rotation) ? { ...rotation, problem } : null;

/** `rewrapped` of `total` generations have a wrap under the new key. What was in the way is not any more. */
export const progressed = (rotation: KeyRotation, rewrapped: number, total: number): KeyRotation | null =>
  isRunning(rotation) && isBeforeSwitch(rotation) ? withoutProblem({ ...rotation, rewrapped, total }) : null;

export const switched = (rotation: KeyRotation, at: Date): KeyRotation | null =>
  isRunning(rotation) && isBeforeSwitch(rotation) ? withoutProblem({ ...rotation, switchedAt: at }) : null;

/** After the switch only. Without a certificate where something still depends on the former key. */
export const completed = (rotation: KeyRotation, retirement: RetirementCertificate | undefined, at: Date): KeyRotation | null =>
  isRunning(rotation) && !isBeforeSwitch(rotation)
    ? withoutProblem({ ...rotation, status: "COMPLETED", finishedAt: at, ...(retirement === undefined ? {} : { retirement }) })
    : null;

export const failed = (rotation: KeyRotation, problem: Problem, at: Date): KeyRotation | null =>
  isRunning(rotation) && isBeforeSwitch(rotation) ? { ...rotation, status: "FAILED", finishedAt: at, problem } : null;

export const cancelled = (rotation: KeyRotation, at: Date): KeyRotation | null =>
  isCancellable(rotation) ? withoutPause(withoutProblem({ ...rotation, status: "CANCELLED", finishedAt: at })) : null;
