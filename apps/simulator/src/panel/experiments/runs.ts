import { randomInt } from "node:crypto";
import { join } from "node:path";
import { loadCatalogue } from "../../experiments/catalogue.js";
import type { Experiment } from "../../experiments/schema.js";
import { createReporters } from "../../reports/create-reporters.js";
import type { Reporter } from "../../reports/reporter.js";
import type { ExperimentResult } from "../../runner/result.js";
import { runAll } from "../../runner/run-all.js";
import { createStackPool } from "../../runner/stack-pool.js";
import { softwareVersions } from "../../versions.js";
import { Refused } from "../acts/refused.js";

export interface Listed extends Pick<Experiment, "name" | "title" | "tags" | "proves"> {
  /** What it does, step by step, is in the file. */
  readonly file: string;
}

/** The run that is going on, or the last one. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly startedAt: number;
  readonly isRunning: boolean;
  /** What it has been doing, the oldest first. */
  readonly progress: readonly { readonly at: number; readonly text: string }[];
  readonly result: ExperimentResult | null;
  /** The harness itself broke. */
  readonly error: string | null;
  readonly directory: string;
}

export interface Runs {
  list(): Promise<readonly Listed[]>;
  readonly current: Run | null;
  /** One at a time: throws Refused while another runs, or where there is none of that name. */
  start(name: string): Promise<Run>;
  /** Interrupts it; what it has broken is put back. */
  stop(): void;
  close(): Promise<void>;
}

export interface RunsOptions {
  /** Reports go to a directory of each run below it. */
  readonly directory: string;
  readonly inherited: Readonly<Record<string, string>>;
  readonly upstream?: string | undefined;
  told(run: Run): void;
}

export const REPORTS = ["report.html", "results.json", "junit.xml"] as const;
const MOST_STEPS = 400;

/** Experiments on stacks of their own, as `ekm-sim run` does. */
export function createRuns({ directory, inherited, upstream, told }: RunsOptions): Runs {
  let current: Run | null = null;
  let going: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;
  let isStarting = false;

  const change = (more: Partial<Run>): void => {
    if (!current) return;
    current = { ...current, ...more };
    told(current);
  };
  const note = (text: string): void => {
    if (current) change({ progress: [...current.progress, { at: Date.now(), text }].slice(-MOST_STEPS) });
  };

  async function run(experiment: Experiment, file: string, out: string, signal: AbortSignal): Promise<void> {
    const seed = randomInt(2 ** 31);
    const reporters: readonly Reporter[] = [
      { started: () => {}, progress: (_, text) => note(text), finished: () => {}, done: async () => {} },
      ...createReporters(["html", "json", "junit"], {
        terminal: { write: () => {}, isTTY: false, hasColours: false, columns: 80 },
        out,
        info: { seed, against: "a stack of its own", software: await softwareVersions() },
        files: new Map([[experiment.name, file]]),
        github: { workspace: out },
      }),
    ];
    const source = createStackPool([experiment], { inherited, seed, ...(upstream === undefined ? {} : { upstream }) });
    try {
      const results = await runAll([experiment], source, { parallel: 1, seed, signal, reporters });
      for (const reporter of reporters) await reporter.done(results);
      change({ isRunning: false, result: results[0] ?? null });
    } catch (error) {
      change({ isRunning: false, error: error instanceof Error ? error.message : String(error) });
    } finally {
      await source.close();
    }
  }

  return {
    async list() {
      const { experiments, files } = await loadCatalogue();
      return experiments.map(({ name, title, tags, proves }) => ({ name, title, tags, proves, file: files.get(name) ?? "" }));
    },
    get current() {
      return current;
    },
    async start(name) {
      if (isStarting || current?.isRunning) throw new Refused("An experiment is running: one at a time.");
      isStarting = true;
      try {
        const { experiments, files } = await loadCatalogue();
        const experiment = experiments.find((one) => one.name === name);
        if (!experiment) throw new Refused("The catalogue has no experiment of this name.");
        const startedAt = Date.now();
        const id = `${name}-${new Date(startedAt).toISOString().replace(/[:.]/g, "-")}`;
        const { title } = experiment;
        const out = join(directory, id);
        current = { id, name, title, startedAt, isRunning: true, progress: [], result: null, error: null, directory: out };
        told(current);
        const controller = new AbortController();
        going = { controller, ended: run(experiment, files.get(name) ?? "", out, controller.signal) };
        return current;
      } finally {
        isStarting = false;
      }
    },
    stop() {
      going?.controller.abort();
    },
    async close() {
      going?.controller.abort();
      await going?.ended;
    },
  };
}
