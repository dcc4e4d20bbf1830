import { randomInt } from "node:crypto";
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import type { Environment } from "../environment.js";
import { selectExperiments } from "../experiments/catalogue.js";
import { formatProblem } from "../experiments/parse.js";
import { GATEWAY, WORKER } from "../paths.js";
import { createReporters, REPORTERS, type ReporterName } from "../reports/create-reporters.js";
import { exitStatus } from "../runner/result.js";
import { runAll } from "../runner/run-all.js";
import { runningProduct } from "../runner/running-product.js";
import { createStackPool } from "../runner/stack-pool.js";
import type { TargetSource } from "../runner/target-source.js";
import { tokensFromKey } from "../tokens/development-issuer.js";
import { tokensFromFile } from "../tokens/token-file.js";
import { softwareVersions } from "../versions.js";
import { examples } from "./examples.js";
import { UsageError } from "./exit-status.js";
import { endpointOption, httpUrl, seedOption, upstreamOption, wholeNumber } from "./options.js";
import { readTokens } from "./read-tokens.js";
import { interruption } from "./until-interrupted.js";

interface Options {
  readonly tag?: string;
  readonly upstream?: string;
  readonly out: string;
  readonly reporter?: readonly ReporterName[];
  readonly parallel: number;
  readonly seed?: number;
  readonly lease?: number;
  readonly gateway?: string;
  readonly tokens?: string;
  readonly tokenKey?: string;
  readonly endpoint: string;
  readonly dataRoot?: string;
}

const WRITTEN: readonly ReporterName[] = ["html", "junit", "json"];

export function runCommand(environment: Environment): Command {
  return new Command("run")
    .summary("run experiments, each through failure to recovery")
    .description(
      "run experiments, each through failure to recovery, against a simulated AWS, gateway and worker of their own\n" +
        "exit status: 0 all as expected, 1 an experiment deviated, 2 bad input, 3 the harness failed or the situation never arose",
    )
    .argument("[experiment...]", "names from `ekm-sim list`, or files; default: all that are not tagged slow")
    .option("--tag <tag>", "only experiments with this tag")
    .addOption(upstreamOption())
    .option("--out <directory>", "where reports are written", join(".reports", "simulate"))
    .option("--reporter <names>", `comma-separated: ${REPORTERS.join(", ")} (default: spec, html, junit, json)`, reporterNames)
    .option("--parallel <n>", "experiments at a time; they wait more than they compute", wholeNumber(1, 32), 6)
    .addOption(seedOption())
    .option("--lease <seconds>", "the product's key lease, instead of what each experiment asks for", wholeNumber(1, 300))
    .option("--gateway <url>", "run against a product that is up, instead of one of its own", httpUrl)
    .option("--tokens <file>", "with --gateway: its tokens (default: EKM_SIM_TOKENS)")
    .option("--token-key <file>", "with --gateway: the development issuer's private key, for accounts that experiments create")
    .option(
      "--data-root <directory>",
      "with --gateway: a directory under the service's allowed roots; {account} in it stands for an account's id",
    )
    .addOption(endpointOption())
    .addHelpText(
      "after",
      examples(
        "ekm-sim run                                     # every experiment that is not slow, on stacks of its own",
        "ekm-sim run key-disabled my-experiment.yaml     # one of the catalogue, and one of yours",
        "ekm-sim run --tag core --reporter spec,junit,html --out reports",
        "ekm-sim run --gateway http://127.0.0.1:4000 --endpoint http://127.0.0.1:4566 \\",
        "  --token-key .data/dev/issuer/issuer-key.json --data-root '.data/dev/restores/{account}'",
      ),
    )
    .action(async (names: readonly string[], options: Options) => {
      const { experiments, problems, files } = await selectExperiments({
        names,
        ...(options.tag === undefined ? {} : { tag: options.tag }),
      });
      if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join("\n"));
      if (experiments.length === 0) throw new UsageError("No experiment was chosen; see `ekm-sim list`.");
      process.exitCode = await run(experiments, files, options, environment);
    });
}

type Selected = Awaited<ReturnType<typeof selectExperiments>>;
type Experiments = Selected["experiments"];

async function run(
  experiments: Experiments,
  files: Selected["files"],
  options: Options,
  environment: Environment,
): Promise<number> {
  const signal = interruption();
  const seed = options.seed ?? randomInt(2 ** 31);
  const { stdout } = process;
  const terminal = {
    write: (text: string) => void stdout.write(text),
    isTTY: (stdout.isTTY ?? false) && environment.terminal !== "dumb",
    hasColours: (stdout.isTTY ?? false) && pc.isColorSupported,
    columns: stdout.columns ?? 140,
  };
  const names = options.reporter ?? ["spec", "html", "junit", "json"];
  const against = options.gateway ?? "stacks of its own";
  const info = { seed, against, software: await softwareVersions() };
  const { workspace = process.cwd(), summaryFile } = environment.github;
  const github = { workspace, summaryFile };
  const reporters = createReporters(names, { terminal, info, out: options.out, files, github });
  const source =
    options.gateway === undefined
      ? await ownStacks(experiments, options, seed, environment)
      : await productThatIsUp(options.gateway, options, signal, environment);
  try {
    const results = await runAll(experiments, source, { parallel: options.parallel, seed, signal, reporters });
    for (const reporter of reporters) await reporter.done(results);
    if (names.some((name) => WRITTEN.includes(name))) terminal.write(`Reports: ${resolve(options.out)}\n`);
    return signal.aborted ? 3 : exitStatus(results);
  } finally {
    await source.close();
  }
}

async function ownStacks(
  experiments: Experiments,
  options: Options,
  seed: number,
  environment: Environment,
): Promise<TargetSource> {
  await mustBeBuilt();
  return createStackPool(experiments, {
    inherited: environment.inherited,
    seed,
    ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
    ...(options.lease === undefined ? {} : { leaseSeconds: options.lease }),
  });
}

async function productThatIsUp(
  gatewayUrl: string,
  { tokens: file, tokenKey, endpoint, dataRoot }: Options,
  signal: AbortSignal,
  environment: Environment,
): Promise<TargetSource> {
  const tokens = file ?? environment.tokens;
  if (tokens === undefined && tokenKey === undefined) throw new UsageError("--gateway needs --tokens or --token-key.");
  if (dataRoot === undefined) throw new UsageError("--gateway needs --data-root: a directory under the service's allowed roots.");
  const source = tokenKey === undefined ? tokensFromFile(await readTokens(tokens ?? "")) : await tokensFromKey(tokenKey);
  return runningProduct({ gatewayUrl, endpoint, dataRoot, tokens: source, canSign: tokenKey !== undefined, signal });
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
