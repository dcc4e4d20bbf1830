import { randomBytes } from "node:crypto";
import type { Experiment } from "../experiments/schema.js";
import type { Reporter } from "../reports/reporter.js";
import type { ExperimentResult } from "./result.js";
import { runExperiment } from "./run-experiment.js";
import type { Acquired, TargetSource } from "./target-source.js";

export interface RunAllOptions {
  readonly parallel: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly reporters: readonly Reporter[];
}

/** Runs every experiment on what `source` provides, `parallel` at a time; results in the order of the experiments. */
export async function runAll(
  experiments: readonly Experiment[],
  source: TargetSource,
  options: RunAllOptions,
): Promise<readonly ExperimentResult[]> {
  const results = new Array<ExperimentResult>(experiments.length);
  const waiting = [...experiments.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, experiment] = next;
      for (const reporter of options.reporters) reporter.started(experiment);
      const result = await runOne(experiment, source, options);
      results[index] = result;
      for (const reporter of options.reporters) reporter.finished(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, experiments.length) }, work));
  return results;
}

async function runOne(experiment: Experiment, source: TargetSource, options: RunAllOptions): Promise<ExperimentResult> {
  const progress = (text: string): void => {
    for (const reporter of options.reporters) reporter.progress(experiment, text);
  };
  if (options.signal.aborted) return notRun(experiment, "skipped", "interrupted before it began");
  progress("starting AWS, gateway and worker");
  let place: Acquired;
  try {
    place = await source.acquire(experiment);
  } catch (error) {
    return notRun(experiment, "harness failed", `the stack did not start: ${error instanceof Error ? error.message : error}`);
  }
  if (place.kind === "unsuitable") return notRun(experiment, "skipped", place.reason);
  try {
    const id = `${experiment.name}-${randomBytes(3).toString("hex")}`;
    return await runExperiment(experiment, place.target, {
      id,
      seed: options.seed,
      signal: options.signal,
      progress,
    });
  } finally {
    await place.release();
  }
}

function notRun({ name, title }: Experiment, verdict: "skipped" | "harness failed", happened: string): ExperimentResult {
  const [first = "", ...logs] = happened.split("\n");
  return { name, title, verdict, expected: "to run", happened: first, startedAt: Date.now(), seconds: 0, steps: [], logs };
}
