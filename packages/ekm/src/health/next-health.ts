import type { Problem } from "../errors/outcome.js";
import type { FailureClass } from "../ports/key-service.js";
import type { KeyHealth, KeyHealthState } from "./health.js";

/** What one use of the key, or one look at its account, has shown. */
export type Observation =
  | { readonly kind: "usable" }
  | {
      readonly kind: "failed";
      readonly failureClass: FailureClass;
      readonly problem: Problem;
      /** When AWS will delete the key, if that could be learnt. */
      readonly deletionDate?: Date;
    }
  | { readonly kind: "locked"; readonly problem: Problem };

/** The lock was lifted; the key itself was not asked. */
export type Unlocked = { readonly kind: "unlocked" };

/** The key that was observed, and the warnings that its account keeps for it. */
export interface Observed {
  readonly accountId: string;
  readonly keyArn: string;
  readonly warnings: readonly Problem[];
}

/** A transient failure degrades; anything definitive makes the key unusable. */
const stateAfterFailure = (failureClass: FailureClass): KeyHealthState =>
  failureClass === "transient" || failureClass === "ours" ? "DEGRADED" : "UNUSABLE";

/**
 * The health after an observation. `previous` of another key counts for nothing. A transient failure after a refusal says
 * nothing new: the key stays unusable, for the reason that is known, until it is seen to work.
 */
export function nextHealth(
  previous: KeyHealth | null,
  observation: Observation | Unlocked,
  { accountId, keyArn, warnings }: Observed,
  now: Date,
): Omit<KeyHealth, "id"> {
  const before = previous?.keyArn === keyArn ? previous : null;
  const enter = (state: KeyHealthState, problem?: Problem, deletionDate?: Date): Omit<KeyHealth, "id"> => {
    const lastUsableAt = state === "HEALTHY" ? now : before?.lastUsableAt;
    return {
      accountId,
      keyArn,
      state,
      since: before?.state === state ? before.since : now,
      warnings,
      checkedAt: now,
      ...(problem === undefined ? {} : { problem }),
      ...(lastUsableAt === undefined ? {} : { lastUsableAt }),
      ...(deletionDate === undefined ? {} : { deletionDate }),
    };
  };

  switch (observation.kind) {
    case "usable":
      return enter("HEALTHY");
    case "locked":
      return enter("LOCKED", observation.problem, before?.deletionDate);
    case "unlocked":
      // As old as the last thing that is known of the key: it is due for a probe.
      return { ...enter("UNKNOWN", undefined, before?.deletionDate), checkedAt: before?.lastUsableAt ?? before?.since ?? now };
    case "failed": {
      const { failureClass, problem, deletionDate } = observation;
      const state = stateAfterFailure(failureClass);
      if (state === "DEGRADED" && before?.state === "UNUSABLE") return enter("UNUSABLE", before.problem, before.deletionDate);
      const stillPending = problem.code === "KEY_PENDING_DELETION" ? before?.deletionDate : undefined;
      return enter(state, problem, deletionDate ?? stillPending);
    }
  }
}

/** Health as it may be shown at `now`: what was not looked at for three intervals, and at least 5 minutes, is no longer known. */
export function healthAsOf(health: KeyHealth, now: Date, healthIntervalSeconds: number): KeyHealth {
  const known = Math.max(3 * healthIntervalSeconds, 300) * 1000;
  if (health.state === "LOCKED" || now.getTime() - health.checkedAt.getTime() <= known) return health;
  return { ...health, state: "UNKNOWN" };
}

/** Whether the history and the audit log have to say it: the state or the problem's code is another. */
export const healthChanged = (before: KeyHealth | null, after: Omit<KeyHealth, "id">): boolean =>
  before === null ||
  before.keyArn !== after.keyArn ||
  before.state !== after.state ||
  before.problem?.code !== after.problem?.code;
