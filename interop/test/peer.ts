/**
 * The Python side of the interoperation tests, as a process that answers one request at a time. It lives in `.tools/interop`
 * (`npm run tools -- interop`). Where that is missing the tests are left out, and the reason is printed; where EKM_REQUIRE names
 * `interop`, its absence is a failure.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";

const HERE = import.meta.dirname;
const PYTHON = path.resolve(HERE, "..", "..", ".tools", "interop", "venv", "bin", "python");
const INSTALLED = path.resolve(HERE, "..", "..", ".tools", "interop", "installed.json");
const MISSING = "the Python environment is missing (npm run tools -- interop)";

/** What the other side answered: the value of its operation, or why it refused. Its crash is an error. */
export type PeerAnswer = { readonly ok: unknown } | { readonly refused: string };

interface Peer {
  /** Operations are those of exchange.py. */
  ask(request: { readonly do: string } & Readonly<Record<string, unknown>>): Promise<PeerAnswer>;
  /** For a call that must not be refused. */
  get(request: { readonly do: string } & Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Runs `define` where the Python environment is installed; else declares one test that says why not. */
export function whenInterop(define: (peer: Peer, python: string) => void): void {
  if (!existsSync(INSTALLED)) {
    it(`is not run here: ${MISSING}`, (test) => {
      const required = (process.env["EKM_REQUIRE"] ?? "").split(",").map((name) => name.trim());
      expect(required, `EKM_REQUIRE names interop, but ${MISSING}`).not.toContain("interop");
      console.warn(`interop: skipped, ${MISSING}`);
      test.skip(MISSING);
    });
    return;
  }
  let child: ChildProcessWithoutNullStreams;
  let said = "";
  const waiting: { resolve: (answer: PeerAnswer) => void; reject: (error: Error) => void }[] = [];
  beforeAll(() => {
    child = spawn(PYTHON, [path.join(HERE, "exchange.py")], {
      env: { PYTHONPATH: path.resolve(HERE, ".."), PYTHONDONTWRITEBYTECODE: "1" },
    });
    child.stderr.on("data", (text: Buffer) => {
      said = (said + text).slice(-2000);
    });
    createInterface(child.stdout).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line) as PeerAnswer));
    child.on("close", () => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`the Python process ended: ${said}`));
    });
  });
  afterAll(() => {
    child.stdin.end();
  });
  const ask: Peer["ask"] = (request) =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null) return reject(new Error(`the Python process ended: ${said}`));
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  const get: Peer["get"] = async (request) => {
    const answer = await ask(request);
    if ("refused" in answer) throw new Error(`refused: ${answer.refused}`);
    return answer.ok;
  };
  define({ ask, get }, PYTHON);
}
