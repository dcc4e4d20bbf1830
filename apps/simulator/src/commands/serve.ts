import { startMockAws } from "@ekm/mock-aws";
import { Command } from "commander";
import type { Environment } from "../environment.js";
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
    .description("serve the simulated AWS and its control interface on one port, until interrupted")
    .option("--port <port>", "TCP port on the loopback interface; 0 takes a free one", wholeNumber(0, 65535), 4566)
    .addOption(upstreamOption())
    .addOption(seedOption())
    .option("--state <file>", "keep accounts, keys and policies in this file (test data only: it holds key material)")
    .option("--gateway <url>", "show at /_simulator/product what this product makes of each account's key", httpUrl)
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
      const aws = await startMockAws({
        port,
        views: await viewsOf(options, environment),
        ...(upstream === undefined ? {} : { upstream }),
        ...(seed === undefined ? {} : { seed }),
        ...(state === undefined ? {} : { stateFile: state }),
      });
      console.log(JSON.stringify({ event: "ready", url: aws.url }));
      await aborted(signal);
      await aws.close();
    });
}

async function viewsOf({ gateway, tokens }: Options, environment: Environment) {
  if (gateway === undefined) return {};
  const file = tokens ?? environment.tokens;
  if (file === undefined) throw new UsageError("--gateway needs --tokens (or EKM_SIM_TOKENS).");
  return { "/_simulator/product": productView(gateway, await readTokens(file)) };
}
