import type { Experiment } from "../experiments/schema.js";
import type { ExperimentResult } from "../runner/result.js";

/** Told of a run as it goes; `done` comes once, at the end. */
export interface Reporter {
  started(experiment: Experiment): void;
  progress(experiment: Experiment, text: string): void;
  finished(result: ExperimentResult): void;
  done(results: readonly ExperimentResult[]): Promise<void>;
}

/** For reports that are written at the end only. */
export function atTheEnd(write: (results: readonly ExperimentResult[]) => Promise<void>): Reporter {
  return { started: () => {}, progress: () => {}, finished: () => {}, done: write };
}
