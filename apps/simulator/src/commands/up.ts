import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import pc from "picocolors";
import { writeDemoPage } from "../demo/demo-page.js";
import { openDemoState } from "../demo/demo-state.js";
import { writeDemoTokens } from "../demo/demo-tokens.js";
import { holdingRules } from "../demo/holding-rules.js";
import { type DemoAccount, setUpDemo } from "../demo/set-up-demo.js";
import type { Environment } from "../environment.js";
import { createPanel, type Panel, pagesToCome } from "../panel/panel.js";
import { doorByIssuer } from "../panel/product/doors.js";
import { CONSOLE } from "../paths.js";
import { type Stack, startStack } from "../stack/stack.js";
import type { TokenFile } from "../tokens/token-file.js";
import { examples } from "./examples.js";
import { EXIT } from "./exit-status.js";
import { upstreamOption, wholeNumber } from "./options.js";
import { interruption } from "./until-interrupted.js";

interface Options {
  readonly dir: string;
  readonly port: number;
  readonly awsPort: number;
  readonly lease: number;
  readonly healthInterval: number;
  readonly upstream?: string;
}

/** Tokens are good for 12 hours; the file always has some that are good for six more. */
const NEW_TOKENS_MS = 6 * 3_600_000;
const LOOK_MS = 500;

export function upCommand(environment: Environment): Command {
  return new Command("up")
    .summary("the whole stack with demo accounts, for hands-on use")
    .description("simulated AWS, gateway and worker with demo accounts, for hands-on use; data are kept; until interrupted")
    .option("--dir <directory>", "where everything is kept", join(".data", "dev"))
    .option("--port <port>", "the gateway's TCP port", wholeNumber(0, 65535), 4000)
    .option("--aws-port <port>", "the simulated AWS's TCP port", wholeNumber(0, 65535), 4566)
    .option("--lease <seconds>", "the product's key lease", wholeNumber(1, 300), 60)
    .option("--health-interval <seconds>", "between two looks at a key", wholeNumber(1, 3600), 60)
    .addOption(upstreamOption())
    .addHelpText("after", examples("ekm-sim up --lease 5 --dir .data/quick", "ekm-sim up --port 0 --aws-port 0    # free ports"))
    .action(async (options: Options) => {
      process.exitCode = await up(options, environment);
    });
}

async function up(options: Options, environment: Environment): Promise<number> {
  const signal = interruption();
  const directory = resolve(options.dir);
  await mkdir(directory, { recursive: true });
  const demo = await openDemoState(directory);
  const demoFile = join(directory, "demo-page.json");
  const toCome = pagesToCome();
  let panel: Panel | undefined;
  const stack = await startStack({
    directory,
    settings: { leaseSeconds: options.lease, healthIntervalSeconds: options.healthInterval },
    inherited: environment.inherited,
    gatewayPort: options.port,
    awsPort: options.awsPort,
    faults: holdingRules(demo.state),
    demoFile,
    // Built or not: everything else is there without it.
    ...(existsSync(join(CONSOLE, "index.html")) ? { consoleDirectory: CONSOLE } : {}),
    awsStateFile: join(directory, "aws.json"),
    corsOrigins: ["http://localhost:5173", "http://localhost:3000"],
    pages: toCome.pages,
    ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
  });
  try {
    const accounts = await setUpDemo(stack, demo, signal);
    const ids = accounts.map(({ id }) => id);
    const publish = async () => {
      const tokens = await writeDemoTokens(directory, stack.tokens, ids);
      await writeDemoPage(demoFile, accounts, tokens, stack.aws.url);
      return tokens;
    };
    const tokens = await publish();
    panel = await createPanel({
      aws: stack.aws,
      product: doorByIssuer(stack.gatewayUrl, stack.tokens),
      experiments: { directory: join(directory, "experiments"), inherited: environment.inherited, upstream: options.upstream },
    });
    toCome.open(panel);
    const renewal = setInterval(() => void publish().catch(console.error), NEW_TOKENS_MS);
    console.log(welcome(stack, panel, directory, accounts, tokens));
    const ended = await untilEnded(stack, signal);
    clearInterval(renewal);
    if (ended === undefined) return EXIT.ok;
    console.error(ended);
    return EXIT.harness;
  } catch (error) {
    if (signal.aborted) return EXIT.ok;
    throw error;
  } finally {
    await panel?.close();
    await stack.close();
  }
}

/** Undefined once interrupted; otherwise which process ended by itself, with its last words. */
async function untilEnded(stack: Stack, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    for (const process of [stack.gateway, stack.worker]) {
      if (process.unexpectedExit) return [process.unexpectedExit, ...process.lastLines(20)].join("\n");
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

function welcome(
  stack: Stack,
  panel: Panel,
  directory: string,
  accounts: readonly DemoAccount[],
  tokens: TokenFile & { path: string },
): string {
  const colour = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  const graphql = new URL("/graphql", stack.gatewayUrl).href;
  const enabled = accounts.find(({ situation }) => situation === "enabled");
  const token = (enabled && tokens.accounts[enabled.id]?.["ACCOUNT_ADMIN"]) ?? "";
  const query =
    "{ account { name ekm { status revocationWindowSeconds key { arn health { state } } } backups { nodes { id status } } } }";
  return [
    "",
    colour.bold("Everything is up."),
    `  GraphQL and its explorer  ${graphql}`,
    ...(existsSync(join(CONSOLE, "index.html"))
      ? [`  console                   ${new URL("/console/", stack.gatewayUrl).href}`]
      : []),
    `  accounts and tokens       ${new URL("/demo", stack.gatewayUrl).href}`,
    `  panel: break AWS, watch   ${panel.url}`,
    `  simulated AWS (KMS, STS)  ${stack.aws.url}`,
    `  data, logs                ${directory}`,
    `  tokens (12 h)             ${tokens.path}`,
    "",
    colour.bold("Accounts"),
    ...accounts.map(({ name, situation, id }) => `  ${name.padEnd(16)}  ${situation.padEnd(22)}  ${id}`),
    "",
    colour.bold("Tokens"),
    `  SUPPORT ${tokens.SUPPORT}`,
    `  ${enabled?.name ?? ""}, ACCOUNT_ADMIN ${token}`,
    "",
    colour.bold("Try"),
    `  curl -s ${graphql} -H 'content-type: application/json' -H 'authorization: Bearer ${token}' \\`,
    `    -d '${JSON.stringify({ query })}'`,
    ...(enabled?.keyArn === undefined
      ? []
      : [
          `  npm run sim -- key disable ${enabled.keyArn} --endpoint ${stack.aws.url}`,
          `  npm run sim -- key enable ${enabled.keyArn} --endpoint ${stack.aws.url}`,
        ]),
    "",
    colour.dim("Ctrl-C ends it; the data stay."),
  ].join("\n");
}
