import type { StepOutcome } from "./outcome.js";

export type Verdict = "as expected" | "deviated" | "harness failed" | "skipped";

export type PhaseName = "given" | "steady-state before" | "method" | "rollback" | "steady-state after" | "promised";

export interface StepRecord {
  readonly phase: PhaseName;
  readonly text: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  readonly seconds: number;
  /** `failed`: the harness could not do its part. */
  readonly outcome: StepOutcome | { readonly kind: "failed"; readonly reason: string };
}

export interface ExperimentResult {
  readonly name: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** What should have come of the method, in short, and what came. */
  readonly expected: string;
  readonly happened: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly steps: readonly StepRecord[];
  /** The product's last log lines; only where something went wrong. */
  readonly logs: readonly string[];
}

/** 0 all as expected, 1 a deviation, 3 the harness failed somewhere: nothing is concluded there. */
export function exitStatus(results: readonly ExperimentResult[]): 0 | 1 | 3 {
  if (results.some(({ verdict }) => verdict === "harness failed")) return 3;
  return results.some(({ verdict }) => verdict === "deviated") ? 1 : 0;
}
