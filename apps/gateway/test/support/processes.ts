import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { createSurroundings } from "./stack.js";

const SCRIPTS = {
  gateway: fileURLToPath(new URL("../../dist/main.js", import.meta.url)),
  worker: fileURLToPath(new URL("../../../worker/dist/main.js", import.meta.url)),
};

type Surroundings = Awaited<ReturnType<typeof createSurroundings>>;

/** What gateway and worker need to run as processes: roots of each account's own, and a key to sign with. */
export async function variablesOfProcesses({ variables }: Surroundings): Promise<Record<string, string>> {
  const directory = path.dirname(variables.EKM_DATABASE);
  const own = path.join(directory, "accounts", "{account}");
  const signingKey = path.join(directory, "signing-key.pem");
  await writeFile(signingKey, generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
  return {
    ...variables,
    EKM_SHARED_ROOTS: "false",
    EKM_ALLOWED_ROOTS: own,
    EKM_RESTORE_ROOT: path.join(own, "restores"),
    EKM_SIGNING_KEY: signingKey,
    EKM_LOG_LEVEL: "error",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** A process of the product, on its build. */
export interface ProductProcess {
  /** Of a gateway. */
  readonly url: string;
  /** All that it has written so far, to stdout and stderr. */
  written(): string;
  /** What a module that was preloaded answers to this message. */
  ask<T>(message: string): Promise<T>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** SIGSTOP, and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** One that may not be ready yet. */
export interface Launched extends Pick<ProductProcess, "written" | "stop"> {
  /** Rejects, with what it said, when it ends before. */
  readonly ready: Promise<ProductProcess>;
  readonly exited: Promise<number | null>;
}

interface Launch {
  /** A module that is loaded before the product's own, and may talk over IPC. */
  readonly preload?: URL;
}

export function launchProcess(name: keyof typeof SCRIPTS, variables: Record<string, string>, { preload }: Launch = {}): Launched {
  const args = preload === undefined ? [] : ["--import", preload.href];
  const child: ChildProcess = spawn(process.execPath, [...args, SCRIPTS[name]], {
    env: variables,
    stdio: ["ignore", "pipe", "pipe", ...(preload === undefined ? [] : (["ipc"] as const))],
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("no pipes");
  const chunks: string[] = [];
  stderr.on("data", (text) => void chunks.push(String(text)));
  stdout.on("data", (text) => void chunks.push(String(text)));
  const written = () => chunks.join("");
  const ended = () => new Error(`the ${name} ended: ${written().slice(-4000)}`);
  const stop = (): Promise<number | null> => {
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    return exited;
  };

  const becomeReady = async (): Promise<ProductProcess> => {
    const first = await Promise.race([once(createInterface({ input: stdout }), "line"), exited.then(() => null)]);
    if (first === null) throw ended();
    const { url = "" } = JSON.parse(String(first[0])) as { url?: string };
    return {
      url,
      written,
      stop,
      async ask<T>(message: string) {
        const answer = once(child, "message");
        child.send(message);
        const answered = await Promise.race([answer, exited.then(() => null)]);
        if (answered === null) throw ended();
        return answered[0] as T;
      },
      async kill() {
        child.kill("SIGKILL");
        await exited;
      },
      freeze: () => void child.kill("SIGSTOP"),
      thaw: () => void child.kill("SIGCONT"),
    };
  };
  const ready = becomeReady();
  // Whoever waits for it hears of it; one that is stopped before it was ready is nobody's error.
  ready.catch(() => {});
  return { written, stop, exited, ready };
}

/** Resolves when it says that it is ready; rejects, with what it said, when it ends before. */
export const startProcess = (...launch: Parameters<typeof launchProcess>): Promise<ProductProcess> =>
  launchProcess(...launch).ready;
