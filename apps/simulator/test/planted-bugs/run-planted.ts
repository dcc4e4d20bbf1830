import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnvironment } from "../../src/environment.js";
import { loadCatalogue } from "../../src/experiments/catalogue.js";
import type { Experiment } from "../../src/experiments/schema.js";
import type { ExperimentResult } from "../../src/runner/result.js";
import { runExperiment } from "../../src/runner/run-experiment.js";
import { targetOfStack } from "../../src/runner/target.js";
import { startStack } from "../../src/stack/stack.js";
import type { Catch, Plant } from "./plant.js";

const PRELOADED = new URL("plant-bug.mjs", import.meta.url).href;
const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

export interface PlantedRun {
  readonly result: ExperimentResult;
  /** The processes that loaded the bug. */
  readonly plantedIn: readonly string[];
}

/** Runs one experiment against a stack of its own, both of whose processes carry the bug. */
export async function runPlanted(plant: Plant, caught: Catch): Promise<PlantedRun> {
  const experiment = await experimentOf(caught);
  const directory = await mkdtemp(join(tmpdir(), "ekm-planted-"));
  const { name, find, replace } = plant;
  try {
    const stack = await startStack({
      directory,
      settings: experiment.given.product,
      seed: 1,
      inherited: {
        ...readEnvironment().inherited,
        NODE_OPTIONS: `--import ${PRELOADED}`,
        PLANTED_BUG: JSON.stringify({ name, file: fromRoot(plant.file), find, replace }),
      },
    });
    try {
      const { signal } = new AbortController();
      const id = `planted-${experiment.name}`;
      const result = await runExperiment(experiment, targetOfStack(stack, false), { id, seed: 1, signal, progress: () => {} });
      const carriers = ["gateway", "worker"].map(async (process) => {
        const log = await readFile(join(stack.layout.logs, `${process}.log`), "utf8");
        return log.split("\n").includes(`planted ${name}`) ? [process] : [];
      });
      return { result, plantedIn: (await Promise.all(carriers)).flat() };
    } finally {
      await stack.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function experimentOf({ experiment: name, given }: Catch): Promise<Experiment> {
  const experiment = (await loadCatalogue()).experiments.find((one) => one.name === name);
  if (!experiment) throw new Error(`The catalogue has no experiment ${name}.`);
  const { product, accounts } = experiment.given;
  if (given?.leaseSeconds !== undefined) product.leaseSeconds = given.leaseSeconds;
  for (const { data } of Object.values(accounts)) data.size = given?.bytes ?? data.size;
  return experiment;
}
