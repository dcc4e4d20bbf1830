// A customer's drill: what it promises is measured and not believed, the key is never left disabled by it, and nothing is concluded
// where the situation never arose.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMockAws } from "@ekm/mock-aws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillReport } from "../src/drill/report.js";
import { readEnvironment } from "../src/environment.js";
import { type Stack, startStack } from "../src/stack/stack.js";
import { type EnabledAccount, enabledAccount } from "./support/enabled-account.js";
import { type SimRun, sim } from "./support/sim.js";

const WAITS = { timeout: 60_000, interval: 100 };
let root = "";
let stack: Stack;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-drill-"));
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

function drill(account: EnabledAccount, name: string, ...more: string[]): SimRun {
  const product = ["--account", account.id, "--gateway", stack.gatewayUrl, "--tokens", account.tokensFile];
  return sim(["drill", ...product, "--out", join(root, name), ...more]);
}
const aws = (): string[] => ["--endpoint", stack.aws.url];
const dataRoot = (): string[] => ["--data-root", join(stack.layout.restores, "{account}")];
const reportOf = async (name: string): Promise<DrillReport> => JSON.parse(await readFile(join(root, name, "drill.json"), "utf8"));
const stateOf = async ({ keyArn }: EnabledAccount) =>
  (await stack.aws.simulator.keys.list()).find(({ arn }) => arn === keyArn)?.state;

/** As the key's owner would: waits for the line that the drill prints, and runs what it says. */
async function asAsked(run: SimRun, account: EnabledAccount, act: "disable-key" | "enable-key"): Promise<string> {
  const line = new RegExp(`^  aws kms ${act} --key-id ${account.keyArn} --region us-east-1.*$`, "m");
  await expect.poll(() => run.stdout, WAITS).toMatch(line);
  await account.owner.call(act === "disable-key" ? "DisableKey" : "EnableKey", { KeyId: account.keyArn });
  return line.exec(run.stdout)?.[0] ?? "";
}

describe("a drill on a simulated AWS", () => {
  it("measures, finds every refusal and the recovery, and leaves key and directories as they were", async () => {
    const account = await enabledAccount(stack, root, "automatic");
    const run = drill(account, "automatic", ...aws(), ...dataRoot());
    expect(await run.status, run.stdout + run.stderr).toBe(0);
    const report = await reportOf("automatic");
    expect(report).toMatchObject({
      verdict: "passed",
      mode: "automatic",
      promiseSeconds: 3,
      key: { arn: account.keyArn },
      keyMayBeDisabled: false,
    });
    const { t0 = 0, t1 = 0, t2 = 0, limitMs = 0, measuredBy } = report.revocation ?? {};
    expect([measuredBy, limitMs]).toEqual(["harness", 3000]);
    expect(t1).toBeGreaterThanOrEqual(t0);
    expect(t2).toBeGreaterThan(t0 - 1000);
    expect(t2 - t0).toBeLessThanOrEqual(limitMs);
    const refused = report.jobs.filter(({ role }) => role === "in flight" || role === "while disabled");
    expect(refused.map(({ kind, status, code }) => [kind, status, code])).toEqual([
      ["restore", "FAILED", "KEY_DISABLED"],
      ["backup", "FAILED", "KEY_DISABLED"],
      ["restore", "FAILED", "KEY_DISABLED"],
    ]);
    const after = report.jobs.filter(({ role }) => role === "after").map(({ status }) => status);
    expect(after).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(await stateOf(account)).toBe("Enabled");
    expect(await readdir(join(stack.layout.restores, account.id, "ekm-sim"))).toEqual([]);
    const html = await readFile(join(root, "automatic", "drill.html"), "utf8");
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|\b(src|srcset)=|url\(|@import/i);
    expect(html).toContain("PASSED");
    expect(html).toContain("by the product");
  }, 120_000);

  it("enables the key again when it is interrupted", async () => {
    const account = await enabledAccount(stack, root, "interrupted");
    const run = drill(account, "interrupted", ...aws(), ...dataRoot());
    await expect.poll(() => stateOf(account), WAITS).toBe("Disabled");
    run.child.kill("SIGINT");
    expect(await run.status).toBe(3);
    expect(await stateOf(account)).toBe("Enabled");
    expect(await reportOf("interrupted")).toMatchObject({ verdict: "not concluded", keyMayBeDisabled: false });
    expect(await readdir(join(stack.layout.restores, account.id, "ekm-sim"))).toEqual([]);
  }, 120_000);
});

describe("a drill by the key's owner", () => {
  it("says what to run, takes the times from AWS's log, and has a restore in flight however long the owner takes", async () => {
    const account = await enabledAccount(stack, root, "manual");
    const run = drill(account, "manual", ...aws(), ...dataRoot(), "--manual", "--wait", "60s");
    const line = await asAsked(run, account, "disable-key");
    expect(line).toContain(`--endpoint-url ${stack.aws.url}`);
    await asAsked(run, account, "enable-key");
    expect(await run.status, run.stdout + run.stderr).toBe(0);
    const report = await reportOf("manual");
    expect(report).toMatchObject({ verdict: "passed", mode: "manual", revocation: { measuredBy: "harness" } });
    expect(report.measurements.find(({ name }) => name.startsWith("t0"))?.by).toBe("AWS's event log");
  }, 120_000);

  it("goes by the product's word where there is nothing else, and flags it", async () => {
    const account = await enabledAccount(stack, root, "remote");
    const run = drill(account, "remote", "--source", account.sourceId, "--manual", "--wait", "60s");
    expect(await asAsked(run, account, "disable-key")).not.toContain("--endpoint-url");
    await asAsked(run, account, "enable-key");
    expect(await run.status, run.stdout + run.stderr).toBe(0);
    const report = await reportOf("remote");
    expect(report).toMatchObject({ verdict: "passed", revocation: { measuredBy: "self-reported" } });
    expect(new Set(report.measurements.filter(({ name }) => /^t\d/.test(name)).map(({ by }) => by))).toEqual(
      new Set(["the product (self-reported)"]),
    );
    expect(report.selfReported.join()).toContain("AWS's log was not at hand");
  }, 120_000);

  it("is a deviation when the product names another cause", async () => {
    const account = await enabledAccount(stack, root, "denied");
    const run = drill(account, "denied", "--source", account.sourceId, "--manual", "--wait", "60s");
    await expect.poll(() => run.stdout, WAITS).toContain("disable-key");
    await account.owner.putPolicy(account.keyArn, "none");
    await expect.poll(() => run.stdout, WAITS).toContain("enable-key");
    await account.owner.putPolicy(account.keyArn, "grant-template");
    expect(await run.status, run.stdout + run.stderr).toBe(1);
    const report = await reportOf("denied");
    expect(report.verdict).toBe("failed");
    expect(report.summary).toContain("FAILED KEY_ACCESS_DENIED");
  }, 120_000);

  it("concludes nothing when nobody acts", async () => {
    const account = await enabledAccount(stack, root, "nobody");
    const run = drill(account, "nobody", ...aws(), ...dataRoot(), "--manual", "--wait", "1s");
    expect(await run.status).toBe(3);
    expect(run.stdout).toContain("nobody ran the command");
    expect(await reportOf("nobody")).toMatchObject({ verdict: "not concluded", revocation: null });
  }, 120_000);
});

describe("input that no drill can be made of is refused with 2", () => {
  it("no canary, no such account, an AWS that has not the key, no tokens", async () => {
    const account = await enabledAccount(stack, root, "refused");
    const elsewhere = await startMockAws();
    const [known, unknown] = [
      ["--account", account.id],
      ["--account", "acc_0"],
    ];
    const product = ["drill", "--gateway", stack.gatewayUrl, "--out", join(root, "refused")];
    const tokens = ["--tokens", account.tokensFile];
    const cases: [string[], string][] = [
      [[...known, ...tokens, ...aws()], "--data-root, or --source"],
      [[...unknown, ...tokens, ...aws(), ...dataRoot()], "has no ACCOUNT_ADMIN token for the account acc_0"],
      [[...known, ...tokens, ...dataRoot(), "--endpoint", elsewhere.url], "add --manual"],
      [[...known, ...aws(), ...dataRoot(), "--tokens", join(root, "absent.json")], "is no token file"],
      [[...tokens, ...aws(), ...dataRoot()], "--account"],
    ];
    for (const [args, message] of cases) {
      const run = sim([...product, ...args]);
      expect([await run.status, run.stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    await elsewhere.close();
    expect(await stateOf(account)).toBe("Enabled");
  }, 60_000);
});
