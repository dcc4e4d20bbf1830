import type { ExperimentResult } from "../runner/result.js";

/** Everything that is known of a run, for programs. `version` changes with the shape. */
export function jsonReport(results: readonly ExperimentResult[], seed: number): string {
  return `${JSON.stringify({ version: 1, seed, experiments: results }, null, 2)}\n`;
}
