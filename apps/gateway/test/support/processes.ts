import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPTS = {
  gateway: fileURLToPath(new URL("../../dist/main.js", import.meta.url)),
  worker: fileURLToPath(new URL("../../../worker/dist/main.js", import.meta.url)),
};

/** A process of the product, on its build. */
export interface ProductProcess {
  /** Of a gateway. */
  readonly url: string;
  /** All that it has written so far, to stdout and stderr. */
  written(): string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** SIGSTOP, and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves when it says that it is ready; rejects, with what it said, when it ends before. */
export async function startProcess(name: keyof typeof SCRIPTS, variables: Record<string, string>): Promise<ProductProcess> {
  const child: ChildProcess = spawn(process.execPath, [SCRIPTS[name]], { env: variables, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("no pipes");
  const chunks: string[] = [];
  stderr.on("data", (text) => void chunks.push(String(text)));
  stdout.on("data", (text) => void chunks.push(String(text)));
  const first = await Promise.race([once(createInterface({ input: stdout }), "line"), exited.then(() => null)]);
  if (first === null) throw new Error(`the ${name} ended: ${chunks.join("").slice(-4000)}`);
  const { url = "" } = JSON.parse(String(first[0])) as { url?: string };
  return {
    url,
    written: () => chunks.join(""),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async stop() {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      return exited;
    },
  };
}
