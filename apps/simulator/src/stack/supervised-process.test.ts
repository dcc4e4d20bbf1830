import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcessFailed, type SupervisedProcess, superviseProcess } from "./supervised-process.js";

let root = "";
let running: SupervisedProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-process-"));
});
afterEach(async () => {
  await Promise.all(running.map((process) => process.kill()));
  running = [];
  await rm(root, { recursive: true });
});

const READY = 'console.log(JSON.stringify({ event: "ready", url: "http://127.0.0.1:1" }));';

async function supervise(script: string, env: Record<string, string> = {}): Promise<SupervisedProcess> {
  const path = join(root, "script.mjs");
  await writeFile(path, script);
  const process = superviseProcess({ name: "worker", script: path, env, logFile: join(root, "worker.log") });
  running.push(process);
  return process;
}

describe("a supervised process", () => {
  it("is ready with its line of JSON; everything else it writes is kept", async () => {
    const worker = await supervise(`console.error("one"); console.log("two"); ${READY} setInterval(() => {}, 1000);`);
    expect(await worker.start()).toEqual({ event: "ready", url: "http://127.0.0.1:1" });
    await worker.terminate();
    expect([...worker.lastLines(10)].sort()).toEqual(["one", "two"]);
    expect(worker.unexpectedExit).toBeUndefined();
    expect(await readFile(join(root, "worker.log"), "utf8")).toContain("one\n");
  });

  it("that ends before it is ready is a failure with its last words", async () => {
    const worker = await supervise('console.error("no database"); process.exitCode = 7;');
    await expect(worker.start()).rejects.toThrow(ProcessFailed);
    expect(worker.lastLines(1)).toEqual(["no database"]);
    expect(worker.unexpectedExit).toBe("worker ended by itself (exit status 7)");
  });

  it("gets no variable of ours but those it is given", async () => {
    const worker = await supervise(`console.error(Object.keys(process.env).sort().join()); ${READY}`, { EKM_PORT: "0" });
    await worker.start();
    await expect.poll(() => worker.lastLines(1)).toEqual(["EKM_PORT"]);
  });

  it("can be started anew after SIGKILL, also with other variables", async () => {
    const worker = await supervise(`console.error(process.env.A); ${READY} setInterval(() => {}, 1000);`, { A: "1" });
    await worker.start();
    await worker.kill();
    await worker.start({ A: "2" });
    await expect.poll(() => worker.lastLines(2)).toEqual(["1", "2"]);
  });

  it("says nothing while it is stopped, and is heard again once it is continued", async () => {
    const worker = await supervise(`${READY} setInterval(() => console.error(Date.now()), 5);`);
    await worker.start();
    await expect.poll(() => worker.lastLines(1).length).toBe(1);
    worker.pause();
    // What was already in the pipe may still arrive; then the last line stays the last.
    await expect
      .poll(async () => {
        const [before] = worker.lastLines(1);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return worker.lastLines(1)[0] === before;
      })
      .toBe(true);
    const [stopped] = worker.lastLines(1);
    worker.resume();
    await expect.poll(() => worker.lastLines(1)[0]).not.toBe(stopped);
  });
});
