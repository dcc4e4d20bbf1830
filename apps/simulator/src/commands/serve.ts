import { startMockAws } from "@ekm/mock-aws";
import { Command } from "commander";
import { seedOption, upstreamOption, wholeNumber } from "./options.js";
import { aborted, interruption } from "./until-interrupted.js";

interface Options {
  readonly port: number;
  readonly upstream?: string;
  readonly seed?: number;
  readonly state?: string;
}

export function serveCommand(): Command {
  return new Command("serve")
    .description("serve the simulated AWS and its control interface on one port, until interrupted")
    .option("--port <port>", "TCP port on the loopback interface; 0 takes a free one", wholeNumber(0, 65535), 4566)
    .addOption(upstreamOption())
    .addOption(seedOption())
    .option("--state <file>", "keep accounts, keys and policies in this file (test data only: it holds key material)")
    .action(async (options: Options) => {
      const signal = interruption();
      const { port, upstream, seed, state } = options;
      const aws = await startMockAws({
        port,
        ...(upstream === undefined ? {} : { upstream }),
        ...(seed === undefined ? {} : { seed }),
        ...(state === undefined ? {} : { stateFile: state }),
      });
      console.log(JSON.stringify({ event: "ready", url: aws.url }));
      await aborted(signal);
      await aws.close();
    });
}
