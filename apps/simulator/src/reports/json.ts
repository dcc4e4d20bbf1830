import type { ExperimentResult } from "../runner/result.js";
import type { RunInfo } from "./run-info.js";

/** The journal: everything that is known of a run, for programs. `version` changes with the shape. */
export function jsonReport(results: readonly ExperimentResult[], info: RunInfo): string {
  return `${JSON.stringify({ version: 1, ...info, experiments: results }, null, 2)}\n`;
}
