import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));

export interface Child {
  /** The next line of its output, parsed. Rejects when the process ends first. */
  next<T>(): Promise<T>;
  /** Gives it a line of input, if it waits for one. */
  start(): void;
  kill(): Promise<void>;
  /** Resolves with its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
}

/** Starts test/processes/`name`.mjs: an operating system process of its own, on the built package. */
export function startChild(name: string, ...args: (string | number)[]): Child {
  if (!existsSync(built)) throw new Error("build the package first: npm run build");
  const script = fileURLToPath(new URL(`./processes/${name}.mjs`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, ...args.map(String)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error(`${name} ended with ${await ended} and said nothing more`);
      return JSON.parse(line.value);
    },
    start() {
      stdin.write("start\n");
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
  };
}
