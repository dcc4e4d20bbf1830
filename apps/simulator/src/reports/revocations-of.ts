import type { Revocation } from "../runner/measure/revocation.js";
import type { ExperimentResult } from "../runner/result.js";

/** Every revocation that an experiment measured, in order. */
export function revocationsOf({ steps }: Pick<ExperimentResult, "steps">): readonly Revocation[] {
  return steps.flatMap(({ outcome }) => ("revocation" in outcome && outcome.revocation ? [outcome.revocation] : []));
}
