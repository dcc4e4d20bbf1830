import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Issuer } from "./issuer.js";
import { createSurroundings } from "./stack.js";

const GATEWAY = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const REPORT = fileURLToPath(new URL("../../bench/report-usage.mjs", import.meta.url));

/** A gateway of its own process, which tells what it spends. */
export interface MeasuredGateway {
  readonly url: string;
  readonly issuer: Issuer;
  /** Of all its threads, since it started. */
  cpuMs(): Promise<number>;
  /** What is in use after everything that can be freed has been. */
  heapBytes(): Promise<number>;
  close(): Promise<void>;
}

export async function startMeasuredGateway(settings: Record<string, string> = {}): Promise<MeasuredGateway> {
  const { aws, issuer, variables } = await createSurroundings();
  const child: ChildProcess = spawn(process.execPath, ["--expose-gc", "--import", REPORT, GATEWAY], {
    env: { ...variables, EKM_LOG_LEVEL: "fatal", ...settings },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (child.stdout === null) throw new Error("no pipe");
  const exited = once(child, "exit");
  const first = await Promise.race([once(createInterface({ input: child.stdout }), "line"), exited.then(() => null)]);
  if (first === null) throw new Error("the gateway ended");
  const { url } = JSON.parse(String(first[0])) as { url: string };

  const ask = async (what: "cpuMs" | "heapBytes"): Promise<number> => {
    child.send(what);
    const [answer] = (await once(child, "message")) as [Record<string, number>];
    return answer[what] as number;
  };
  return {
    url,
    issuer,
    cpuMs: () => ask("cpuMs"),
    heapBytes: () => ask("heapBytes"),
    async close() {
      child.kill();
      await exited;
      await aws.close();
    },
  };
}
