import { join } from "node:path";
import { startMockAws } from "@ekm/mock-aws";
import { Command } from "commander";
import type { Environment } from "../environment.js";
import { createPanel, pagesToCome } from "../panel/panel.js";
import { doorByFile } from "../panel/product/doors.js";
import { productView } from "../product-view/product-view.js";
import { examples } from "./examples.js";
import { UsageError } from "./exit-status.js";
import { httpUrl, seedOption, upstreamOption, wholeNumber } from "./options.js";
import { readTokens } from "./read-tokens.js";
import { aborted, interruption } from "./until-interrupted.js";

interface Options {
  readonly port: number;
  readonly upstream?: string;
  readonly seed?: number;
  readonly state?: string;
  readonly gateway?: string;
  readonly tokens?: string;
}

export function serveCommand(environment: Environment): Command {
  return new Command("serve")
    .description("serve the simulated AWS, its control interface and the panel on one port, until interrupted")
    .option("--port <port>", "TCP port on the loopback interface; 0 takes a free one", wholeNumber(0, 65535), 4566)
    .addOption(upstreamOption())
    .addOption(seedOption())
    .option("--state <file>", "keep accounts, keys and policies in this file (test data only: it holds key material)")
    .option(
      "--gateway <url>",
      "show in the panel and at /_simulator/product what this product makes of each account's key",
      httpUrl,
    )
    .option("--tokens <file>", "with --gateway: its tokens (default: EKM_SIM_TOKENS)")
    .addHelpText(
      "after",
      examples(
        "ekm-sim serve --seed 1 --state aws.json",
        "ekm-sim serve --upstream http://127.0.0.1:4567    # keys are held by LocalStack",
        "ekm-sim serve --gateway http://127.0.0.1:4000 --tokens tokens.json",
      ),
    )
    .action(async (options: Options) => {
      const signal = interruption();
      const { port, upstream, seed, state } = options;
      const tokens = await tokensOf(options, environment);
      const toCome = pagesToCome();
      const aws = await startMockAws({
        port,
        views: tokens === undefined ? {} : { "/_simulator/product": productView(tokens.gateway, tokens.file) },
        pages: toCome.pages,
        ...(upstream === undefined ? {} : { upstream }),
        ...(seed === undefined ? {} : { seed }),
        ...(state === undefined ? {} : { stateFile: state }),
      });
      const panel = await createPanel({
        aws,
        ...(tokens === undefined ? {} : { product: doorByFile(tokens.gateway, tokens.file) }),
        experiments: { directory: join(".reports", "panel"), inherited: environment.inherited, upstream },
      });
      toCome.open(panel);
      console.log(JSON.stringify({ event: "ready", url: aws.url }));
      await aborted(signal);
      await panel.close();
      await aws.close();
    });
}

async function tokensOf({ gateway, tokens }: Options, environment: Environment) {
  if (gateway === undefined) return undefined;
  const file = tokens ?? environment.tokens;
  if (file === undefined) throw new UsageError("--gateway needs --tokens (or EKM_SIM_TOKENS).");
  return { gateway, file: await readTokens(file) };
}
