/** The whole product with its simulated AWS and demo accounts, as `npm start` brings it up: a process on free ports, with data of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SIMULATOR = fileURLToPath(new URL("../../../simulator/dist/main.js", import.meta.url));
const run = promisify(execFile);

export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly keyArn?: string;
  readonly tokens: Readonly<Record<string, string>>;
}

export interface Stack {
  readonly gateway: string;
  readonly aws: string;
  /** `ekm-sim` on this stack's AWS: `sim("key", "disable", arn)`. */
  sim(...args: string[]): Promise<string>;
  account(name: string): Promise<DemoAccount>;
  close(): Promise<void>;
}

export async function startStack(): Promise<Stack> {
  const directory = await mkdtemp(join(tmpdir(), "ekm-console-"));
  const args = ["up", "--dir", directory, "--port", "0", "--aws-port", "0", "--lease", "2", "--health-interval", "2"];
  const child = spawn(process.execPath, [SIMULATOR, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const { gateway, aws } = await addresses(child);
  const sim = async (...command: string[]) => (await run(process.execPath, [SIMULATOR, ...command, "--endpoint", aws])).stdout;
  return {
    gateway,
    aws,
    sim,
    async account(name) {
      const { accounts } = JSON.parse(await readFile(join(directory, "demo-page.json"), "utf8")) as { accounts: DemoAccount[] };
      const found = accounts.find((account) => account.name === name);
      if (found === undefined) throw new Error(`The demo has no account ${name}.`);
      return found;
    },
    async close() {
      if (child.exitCode === null) {
        child.kill("SIGINT");
        await once(child, "exit");
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function addresses(child: ChildProcess): Promise<{ gateway: string; aws: string }> {
  if (child.stdout === null) throw new Error("The simulator has no output.");
  let gateway = "";
  let aws = "";
  for await (const line of createInterface({ input: child.stdout })) {
    gateway = / (http:\S+)\/graphql$/.exec(line)?.[1] ?? gateway;
    aws = /simulated AWS .* (http:\S+)$/.exec(line)?.[1] ?? aws;
    if (line.includes("Ctrl-C")) return { gateway, aws };
  }
  throw new Error("The stack ended before it was up.");
}
