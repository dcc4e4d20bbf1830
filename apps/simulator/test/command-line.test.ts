// What scripts and CI rely on: exit statuses, machine-readable output, and commands that act on a simulator that runs.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createAwsClient, createSimulatorClient } from "@ekm/mock-aws";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-cli-"));
});
afterAll(() => rm(root, { recursive: true }));

function sim(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

// Each command is a process of its own, and some tests start a dozen.
vi.setConfig({ testTimeout: 90_000 });

describe("without a simulator", () => {
  it("lists the catalogue for programs", async () => {
    const { status, stdout } = await sim("list", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: "key-disabled", proves: ["brief-10"] }));
  });

  it("answers bad input with 2 and says what is wrong", async () => {
    const bad = join(root, "bad.yaml");
    await writeFile(bad, "name: x\ntitle: x\nmethod:\n  - aws: { disableKey: main }\n");
    expect(await sim("validate", bad)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${bad}:4:12: method[0].aws.disableKey: no key is named "main"`),
    });
    expect(await sim("run", "no-such-experiment")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no-such-experiment"),
    });
    expect(await sim("run", "--parallel", "0")).toMatchObject({ status: 2, stderr: expect.stringContaining("whole number") });
    expect(await sim("nonsense")).toMatchObject({ status: 2 });
    expect(await sim("run", "--gatway", "x")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Did you mean --gateway\?\)\nSee: ekm-sim run --help/),
    });
    expect(await sim("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("ekm-sim up") });
  });

  it("says that nothing answers where no simulator runs", async () => {
    const { status, stderr } = await sim("key", "list", "--endpoint", "http://127.0.0.1:1");
    expect(status).toBe(3);
    expect(stderr).toContain("is a simulator running?");
  });
});

describe("with a simulator that runs", () => {
  let server: ChildProcess;
  let endpoint = "";
  let arn = "";
  beforeAll(async () => {
    server = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--seed", "3"], { stdio: ["ignore", "pipe", "inherit"] });
    if (!server.stdout) throw new Error("no output");
    const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    endpoint = (JSON.parse(line) as { url: string }).url;
    const owner = await createSimulatorClient(endpoint).accounts.create({ name: "customer" });
    const { body } = await createAwsClient({ endpoint, ...owner, region: "us-east-1" }).kms("CreateKey");
    arn = (body["KeyMetadata"] as { Arn: string }).Arn;
  });
  afterAll(async () => {
    server.kill("SIGTERM");
    const [code] = await once(server, "exit");
    expect(code).toBe(0);
  });
  const on = (...args: string[]) => sim(...args, "--endpoint", endpoint);
  const state = async (): Promise<string | undefined> => (await createSimulatorClient(endpoint).keys.list())[0]?.state;

  it("acts on keys as their owner", async () => {
    const steps: [string[], string][] = [
      [["disable"], "Disabled"],
      [["enable"], "Enabled"],
      [["schedule-deletion"], "PendingDeletion"],
      [["cancel-deletion"], "Disabled"],
    ];
    for (const [[act = ""], expected] of steps) {
      expect(await on("key", act, arn)).toMatchObject({ status: 0, stdout: expect.stringContaining("effective") });
      expect(await state()).toBe(expected);
    }
    const policy = join(root, "policy.json");
    const owner = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${arn.split(":")[4]}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    await writeFile(policy, JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "OnlyMe", ...owner }] }));
    expect(await on("key", "set-policy", arn, "--policy", policy)).toMatchObject({ status: 0 });
    expect((await createSimulatorClient(endpoint).keys.list())[0]?.policy).toContain("OnlyMe");
    expect(await on("key", "list")).toMatchObject({ status: 0, stdout: expect.stringMatching(new RegExp(`${arn} +Disabled`)) });
    expect(await on("key", "disable", "nonsense")).toMatchObject({ status: 2 });
  });

  it("suspends and reinstates accounts", async () => {
    const id = arn.split(":")[4] ?? "";
    for (const [act, expected] of [
      ["suspend", "SUSPENDED"],
      ["close", "CLOSED"],
      ["reinstate", "ACTIVE"],
    ] as const) {
      expect(await on("account", act, id)).toMatchObject({ status: 0 });
      expect(await on("account", "list")).toMatchObject({ stdout: expect.stringMatching(new RegExp(`${id} +${expected}`)) });
    }
    expect(await on("account", "suspend", "1")).toMatchObject({ status: 2 });
  });

  it("puts fault rules on and takes them off, and says in words what is in force", async () => {
    const given = ["--operation", "Decrypt", "--error", "ThrottlingException", "--lasts", "10s", "--key", arn];
    const added = await on("fault", "add", ...given, "--json");
    expect(JSON.parse(added.stdout)).toMatchObject([{ operation: "Decrypt", keyArn: arn, durationMs: 10_000 }]);
    expect((await on("fault", "list")).stdout).toMatch(/kms:Decrypt on arn:\S+ +400 ThrottlingException +for 10\.0 s/);
    expect(JSON.parse((await on("fault", "list", "--json")).stdout)).toHaveLength(1);
    expect((await on("fault", "clear")).stdout).toBe("No rule is in force.\n");
  });

  it("has a flag for every field of a rule", async () => {
    const flags: Record<string, string> = {
      service: "kms",
      region: "us-east-1",
      operation: "Decrypt",
      probability: "0.5",
      key: arn,
      owner: "111122223333",
      caller: "444455556666",
      error: "KMSInternalException",
      status: "500",
      message: "later",
      effect: "error",
      latency: "300ms",
      jitter: "1s",
      count: "3",
      lasts: "1m",
    };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const rule = {
      service: "kms",
      region: "us-east-1",
      operation: "Decrypt",
      probability: 0.5,
      keyArn: arn,
      accountId: "111122223333",
      callerAccountId: "444455556666",
      error: { statusCode: 500, code: "KMSInternalException", message: "later" },
      effect: "error",
      latencyMs: 300,
      jitterMs: 1000,
      count: 3,
      durationMs: 60_000,
    };
    expect(JSON.parse((await on("fault", "add", ...args, "--json")).stdout)).toEqual([rule]);
    await on("fault", "clear");
  });

  it("takes LocalStack's rules from a file as they are, and refuses what is no rule", async () => {
    const rules = [
      { service: "kms", operation: "Encrypt", probability: 1, error: { statusCode: 404, code: "NotFoundException" } },
    ];
    const file = join(root, "rules.json");
    await writeFile(file, JSON.stringify(rules));
    expect(JSON.parse((await on("fault", "add", "--file", file, "--json")).stdout)).toEqual(rules);
    await on("fault", "clear");
    const refused: [string[], string][] = [
      [["--rule", '{"nonsense":1}'], "nonsense is not a field of a rule"],
      [["--rule", "{"], "--rule is not JSON"],
      [["--file", join(root, "absent.json")], "--file cannot be read"],
      [["--rule", "{}", "--count", "1"], "not from two of these"],
      [["--status", "500"], "belong to an --error"],
      [["--effect", "explode"], "Allowed choices are error, reset"],
      [["--owner", "1"], "12 digits"],
      [["--latenzy", "1s"], "Did you mean --latency?"],
    ];
    for (const [args, message] of refused) {
      const { status, stderr } = await on("fault", "add", ...args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    expect(await createSimulatorClient(endpoint).faults.list()).toEqual([]);
  });

  it("deletes a key at once", async () => {
    expect(await on("key", "delete", arn)).toMatchObject({ status: 0 });
    expect((await createSimulatorClient(endpoint).keys.list()).some((key) => key.arn === arn && key.state !== "Deleted")).toBe(
      false,
    );
  });
});
