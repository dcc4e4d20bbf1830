import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A run of the built command. */
export interface SimRun {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status, once it has ended. */
  readonly status: Promise<number | null>;
}

export function sim(args: readonly string[], env: Readonly<Record<string, string>> = {}): SimRun {
  return program(process.execPath, [MAIN, ...args], { env });
}

export function program(
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): SimRun {
  const child = spawn(command, args, { ...options, env: { ...process.env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (more: string) => {
      text[name] += more;
    });
  const status = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    child,
    status,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
  };
}
