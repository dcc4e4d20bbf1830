// What a team's own pipeline relies on: the shell example and the action run the catalogue against a product that is up, hand on the
// exit status, and know no flag that the command does not know.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCommand } from "../src/commands/run.js";
import { readEnvironment } from "../src/environment.js";
import { type Stack, startStack } from "../src/stack/stack.js";
import { readXml } from "./support/read-xml.js";
import { program } from "./support/sim.js";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const ACTION = fromRoot(".github/actions/ekm-experiments/action.yml");
const RUN = fromRoot(".github/actions/ekm-experiments/run.sh");
const EXAMPLE = fromRoot("examples/pipeline.sh");
const SIM = `${process.execPath} ${fromRoot("apps/simulator/dist/main.js")}`;

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly id?: string;
      readonly run: string;
      readonly shell: string;
      readonly env?: Record<string, string>;
    }[];
  };
}

describe("the action", () => {
  it("has an input for every flag of the command, and no other", async () => {
    const { inputs } = parse(await readFile(ACTION, "utf8")) as Action;
    const flags = runCommand(readEnvironment()).options.map(({ long }) => long?.slice(2));
    expect(Object.keys(inputs).sort()).toEqual(["experiments", ...flags].sort());
    for (const input of Object.values(inputs)) expect(input.description.length).toBeGreaterThan(10);
  });

  it("hands each input to its script through the environment, and the script each to its flag", async () => {
    const { inputs, runs, outputs } = parse(await readFile(ACTION, "utf8")) as Action;
    expect(runs.using).toBe("composite");
    const step = runs.steps.find(({ id }) => id === "run");
    const variable = (name: string): string => `INPUT_${name.toUpperCase().replaceAll("-", "_")}`;
    expect(step?.env).toEqual(Object.fromEntries(Object.keys(inputs).map((name) => [variable(name), `\${{ inputs.${name} }}`])));
    const names = /^for name in (.*); do$/m.exec(await readFile(RUN, "utf8"))?.[1]?.split(" ") ?? [];
    expect(["experiments", ...names].sort()).toEqual(Object.keys(inputs).sort());
    for (const { run, shell } of runs.steps) {
      expect(shell).toBe("bash");
      expect(run).not.toContain("${{");
    }
    expect(outputs["reports"]?.value).toContain(`steps.${step?.id}.outputs.reports`);
  });
});

describe("against a product that is up", () => {
  let root = "";
  let stack: Stack;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "ekm-pipeline-"));
    stack = await startStack({
      directory: join(root, "stack"),
      settings: { leaseSeconds: 2, healthIntervalSeconds: 2 },
      inherited: readEnvironment().inherited,
    });
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
    await rm(root, { recursive: true, force: true });
  });
  const key = (): string => join(root, "stack", "issuer", "issuer-key.json");
  const data = (): string => join(stack.layout.restores, "{account}");

  it("the example runs experiments, writes reports and hands on the exit status", async () => {
    const env = {
      EKM_GATEWAY: stack.gatewayUrl,
      EKM_AWS_ENDPOINT: stack.aws.url,
      EKM_TOKEN_KEY: key(),
      EKM_DATA_ROOT: data(),
      EKM_REPORTS: join(root, "reports"),
      EKM_SIM: SIM,
    };
    const run = program("sh", [EXAMPLE, "key-disabled"], { env, cwd: root });
    expect(await run.status, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain("1 as expected, 0 deviated");
    const [suites] = readXml(await readFile(join(root, "reports", "junit.xml"), "utf8"));
    expect(suites?.attributes).toMatchObject({ tests: "1", failures: "0", errors: "0" });
    const journal = JSON.parse(await readFile(join(root, "reports", "results.json"), "utf8"));
    expect(journal).toMatchObject({ against: stack.gatewayUrl, experiments: [{ name: "key-disabled", verdict: "as expected" }] });
    const refused = program("sh", [EXAMPLE, "no-such-experiment"], { env, cwd: root });
    expect([await refused.status, refused.stderr]).toEqual([2, expect.stringContaining("no-such-experiment")]);
    const { EKM_DATA_ROOT: _, ...incomplete } = env;
    expect(await program("sh", [EXAMPLE], { env: incomplete, cwd: root }).status).not.toBe(0);
  }, 120_000);

  it("the action's script annotates a deviation at its line and writes the summary", async () => {
    const claim = [
      "name: wrong-claim",
      "title: A claim that is not true",
      "given: { keys: { main: {} }, accounts: { acme: { ekm: enabled, key: main, data: { size: 200KB } } } }",
      "method:",
      "  - do: { checkKeyHealth: acme }",
      "    expect: { health: HEALTHY }",
      "  - do: { checkKeyHealth: acme }",
      "    expect: { health: UNUSABLE }",
    ];
    await writeFile(join(root, "wrong-claim.yaml"), `${claim.join("\n")}\n`);
    const env = {
      GITHUB_WORKSPACE: root,
      GITHUB_OUTPUT: join(root, "output"),
      GITHUB_STEP_SUMMARY: join(root, "summary.md"),
      INPUT_EXPERIMENTS: "wrong-claim.yaml worker-sleeps-through-a-lock",
      INPUT_GATEWAY: stack.gatewayUrl,
      INPUT_ENDPOINT: stack.aws.url,
      INPUT_TOKEN_KEY: key(),
      INPUT_DATA_ROOT: data(),
      INPUT_REPORTER: "spec,junit,github",
      INPUT_OUT: "ekm-reports",
    };
    const run = program("bash", [RUN], { env, cwd: root });
    expect(await run.status, run.stdout + run.stderr).toBe(1);
    expect(run.stdout).toContain("::error file=wrong-claim.yaml,line=7,title=wrong-claim%3A deviated::");
    const summary = await readFile(join(root, "summary.md"), "utf8");
    expect(summary).toContain("0 as expected, 1 deviated, 0 harness failed, 1 skipped");
    expect(await readFile(join(root, "output"), "utf8")).toBe(`reports=${join(root, "ekm-reports")}\n`);
  }, 120_000);
});
