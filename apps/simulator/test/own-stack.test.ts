// The whole of it: simulated AWS, the built gateway and worker as processes, real data, through failure to recovery.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import type { ExperimentResult } from "../src/runner/result.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

it("runs experiments on a stack of its own and leaves nothing behind", async () => {
  const root = await mkdtemp(join(tmpdir(), "ekm-own-stack-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const out = join(root, "reports");
  const args = [MAIN, "run", "rotate-happy", "key-disabled", "--seed", "1", "--reporter", "spec,html,json,junit", "--out", out];
  const { status, stdout } = await new Promise<{ status: number; stdout: string }>((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { ...process.env, TMPDIR: root }, timeout: 150_000, killSignal: "SIGINT" },
      (error, text) => {
        resolve({ status: error ? Number(error.code) : 0, stdout: text });
      },
    );
  });
  expect(stdout).toContain("2 as expected, 0 deviated, 0 harness failed, 0 skipped");
  expect(status).toBe(0);
  expect(await readFile(join(out, "report.html"), "utf8")).toContain('<div class="timeline"');
  const { experiments } = JSON.parse(await readFile(join(out, "results.json"), "utf8")) as { experiments: ExperimentResult[] };
  expect(experiments.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["key-disabled", "as expected"],
    ["rotate-happy", "as expected"],
  ]);
  const restored = experiments.flatMap(({ steps }) => steps).filter(({ text }) => text === "restore latest");
  const findings = restored.map(({ outcome }) => (outcome.kind === "held" ? outcome.happened : outcome.kind));
  expect(findings).toHaveLength(4);
  for (const finding of findings) expect(finding).toMatch(/SUCCEEDED, identical \(\d+ files, \d+\.\d MB\)$/);
  expect(await readdir(root)).toEqual(["reports"]);
}, 180_000);
