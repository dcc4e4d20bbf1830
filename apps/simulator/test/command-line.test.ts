// What scripts and CI rely on: exit statuses, machine-readable output, and commands that act on a simulator that runs.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createAwsClient, createSimulatorClient } from "@ekm/mock-aws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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

  it("puts fault rules on and takes them off", async () => {
    const added = await on(
      "fault",
      "add",
      "--operation",
      "Decrypt",
      "--error",
      "ThrottlingException",
      "--lasts",
      "10s",
      "--key",
      arn,
    );
    expect(JSON.parse(added.stdout)).toMatchObject([{ operation: "Decrypt", keyArn: arn, durationMs: 10_000 }]);
    expect(JSON.parse((await on("fault", "list")).stdout)).toHaveLength(1);
    expect(JSON.parse((await on("fault", "clear")).stdout)).toEqual([]);
    expect(await on("fault", "add", "--rule", '{"nonsense":1}')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("nonsense"),
    });
  });

  it("deletes a key at once", async () => {
    expect(await on("key", "delete", arn)).toMatchObject({ status: 0 });
    expect((await createSimulatorClient(endpoint).keys.list()).some((key) => key.arn === arn && key.state !== "Deleted")).toBe(
      false,
    );
  });
});
