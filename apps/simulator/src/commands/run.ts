import { randomInt } from "node:crypto";
import { access } from "node:fs/promises";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { Environment } from "../environment.js";
import { selectExperiments } from "../experiments/catalogue.js";
import { formatProblem } from "../experiments/parse.js";
import { GATEWAY, WORKER } from "../paths.js";
import { createReporters, REPORTERS, type ReporterName } from "../reports/create-reporters.js";
import { exitStatus } from "../runner/result.js";
import { runAll } from "../runner/run-all.js";
import { createStackPool } from "../runner/stack-pool.js";
import { UsageError } from "./exit-status.js";
import { seedOption, upstreamOption, wholeNumber } from "./options.js";
import { interruption } from "./until-interrupted.js";

interface Options {
  readonly tag?: string;
  readonly upstream?: string;
  readonly out: string;
  readonly reporter?: readonly ReporterName[];
  readonly parallel: number;
  readonly seed?: number;
  readonly lease?: number;
}

const WRITTEN: readonly ReporterName[] = ["html", "junit", "json"];

export function runCommand(environment: Environment): Command {
  return new Command("run")
    .summary("run experiments, each through failure to recovery")
    .description(
      "run experiments, each through failure to recovery, against a simulated AWS, gateway and worker of their own\n" +
        "exit status: 0 all as expected, 1 an experiment deviated, 2 bad input, 3 the harness failed (nothing is concluded)",
    )
    .argument("[experiment...]", "names from `ekm-sim list`, or files; default: all that are not tagged slow")
    .option("--tag <tag>", "only experiments with this tag")
    .addOption(upstreamOption())
    .option("--out <directory>", "where reports are written", join(".reports", "simulate"))
    .option("--reporter <names>", `comma-separated: ${REPORTERS.join(", ")} (default: spec, html, junit, json)`, reporterNames)
    .option("--parallel <n>", "experiments at a time", wholeNumber(1, 32), 2)
    .addOption(seedOption())
    .option("--lease <seconds>", "the product's key lease, instead of what each experiment asks for", wholeNumber(1, 300))
    .action(async (names: readonly string[], options: Options) => {
      const { experiments, problems } = await selectExperiments({
        names,
        ...(options.tag === undefined ? {} : { tag: options.tag }),
      });
      if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join("\n"));
      if (experiments.length === 0) throw new UsageError("No experiment was chosen; see `ekm-sim list`.");
      await mustBeBuilt();
      process.exitCode = await run(experiments, options, environment);
    });
}

async function run(
  experiments: Awaited<ReturnType<typeof selectExperiments>>["experiments"],
  options: Options,
  environment: Environment,
): Promise<number> {
  const signal = interruption();
  const seed = options.seed ?? randomInt(2 ** 31);
  const { stdout } = process;
  const terminal = {
    write: (text: string) => void stdout.write(text),
    isTTY: stdout.isTTY ?? false,
    columns: stdout.columns ?? 140,
  };
  const names = options.reporter ?? ["spec", "html", "junit", "json"];
  const reporters = createReporters(names, { terminal, seed, out: options.out });
  const pool = createStackPool(experiments, {
    inherited: environment.inherited,
    seed,
    ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
    ...(options.lease === undefined ? {} : { leaseSeconds: options.lease }),
  });
  try {
    const results = await runAll(experiments, pool, { parallel: options.parallel, seed, signal, reporters });
    for (const reporter of reporters) await reporter.done(results);
    if (names.some((name) => WRITTEN.includes(name))) terminal.write(`Reports: ${relative(".", options.out) || "."}\n`);
    return signal.aborted ? 3 : exitStatus(results);
  } finally {
    await pool.close();
  }
}

async function mustBeBuilt(): Promise<void> {
  for (const script of [GATEWAY, WORKER]) {
    await access(script).catch(() => {
      throw new UsageError(`${script} is not there: build the product first (npm run build).`);
    });
  }
}

function reporterNames(text: string): readonly ReporterName[] {
  return text.split(",").map((name) => {
    const known = REPORTERS.find((reporter) => reporter === name.trim());
    if (known) return known;
    throw new InvalidArgumentError(`"${name}" is none of ${REPORTERS.join(", ")}.`);
  });
}
