import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export interface ProcessSpec {
  readonly name: "gateway" | "worker";
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything the process writes, over restarts. */
  readonly logFile: string;
}

/** The one line of JSON that a process prints on stdout when it serves. */
export interface ReadyLine {
  readonly event: "ready";
  readonly url?: string;
}

/** The process did not become ready, or ended by itself. */
export class ProcessFailed extends Error {
  override readonly name = "ProcessFailed";
}

/** A process of the product under the harness's control. Every method resolves once its effect is there. */
export interface SupervisedProcess {
  readonly name: ProcessSpec["name"];
  start(env?: Readonly<Record<string, string>>): Promise<ReadyLine>;
  /** SIGKILL: no chance to clean up. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after ten seconds of deafness. */
  terminate(): Promise<void>;
  /** SIGSTOP: alive and silent, as under a paused virtual machine. */
  pause(): void;
  resume(): void;
  /** Set when the process ended though nobody here ended it. */
  readonly unexpectedExit: string | undefined;
  lastLines(count: number): readonly string[];
}

const READY_MS = 60_000;
const TERMINATE_MS = 10_000;
const LINES_KEPT = 500;

export function superviseProcess(spec: ProcessSpec): SupervisedProcess {
  const lines: string[] = [];
  const log = createWriteStream(spec.logFile, { flags: "a" });
  let child: ChildProcess | undefined;
  let exited: Promise<void> = Promise.resolve();
  let wanted = false;
  let unexpectedExit: string | undefined;

  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    log.write(`${line}\n`);
  };
  const killOrphan = (): void => {
    child?.kill("SIGKILL");
  };

  async function start(env: Readonly<Record<string, string>> = {}): Promise<ReadyLine> {
    // Detached: a Ctrl-C on the terminal is ours to act on; the product must live until the rollback is done.
    const started = spawn(process.execPath, [spec.script], {
      env: { ...spec.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child = started;
    wanted = true;
    unexpectedExit = undefined;
    process.on("exit", killOrphan);
    exited = new Promise((resolve) => {
      started.once("close", (code, signal) => {
        process.off("exit", killOrphan);
        if (wanted) unexpectedExit = `${spec.name} ended by itself (${signal ?? `exit status ${code}`})`;
        resolve();
      });
      started.once("error", (error) => keep(error.message));
    });
    createInterface({ input: started.stderr }).on("line", keep);
    const stdout = createInterface({ input: started.stdout });
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        clearTimeout(timer);
        reject(new ProcessFailed(reason));
      };
      const timer = setTimeout(() => fail(`${spec.name} was not ready within ${READY_MS / 1000} s`), READY_MS);
      void exited.then(() => fail(`${spec.name} ended before it was ready`));
      stdout.on("line", (line) => {
        const ready = parseReady(line);
        if (!ready) return keep(line);
        clearTimeout(timer);
        resolve(ready);
      });
    });
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    wanted = false;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    // A stopped process does not hear SIGTERM until it is continued.
    if (signal === "SIGTERM") child.kill("SIGCONT");
    const timer = setTimeout(() => child?.kill("SIGKILL"), TERMINATE_MS);
    await exited;
    clearTimeout(timer);
  }

  return {
    name: spec.name,
    start,
    kill: () => end("SIGKILL"),
    terminate: () => end("SIGTERM"),
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    get unexpectedExit() {
      return unexpectedExit;
    },
    lastLines: (count) => lines.slice(-count),
  };
}

function parseReady(line: string): ReadyLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<ReadyLine>;
    return value.event === "ready" ? { event: "ready", ...(value.url === undefined ? {} : { url: value.url }) } : undefined;
  } catch {
    return undefined;
  }
}
