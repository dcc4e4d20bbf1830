// The runner's invariants: a product that is wrong is found out, whatever went wrong is rolled back, and where the harness could
// not do its part nothing is concluded about the product.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MockAws, startMockAws } from "@ekm/mock-aws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadCatalogue } from "../src/experiments/catalogue.js";
import { parseExperiment } from "../src/experiments/parse.js";
import type { Experiment } from "../src/experiments/schema.js";
import type { ExperimentResult } from "../src/runner/result.js";
import { runExperiment } from "../src/runner/run-experiment.js";
import type { Target } from "../src/runner/target.js";
import { type FakeProduct, startFakeProduct } from "./fake-product.js";

const LEASE_MS = 200;
let root = "";
let aws: MockAws;
let product: FakeProduct;
let target: Target;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-runner-"));
  aws = await startMockAws({ seed: 1 });
  const vendor = await aws.simulator.accounts.create({ name: "vendor", principal: "role/ekm-service" });
  product = await startFakeProduct({
    kmsEndpoint: aws.url,
    credentials: vendor,
    directory: join(root, "store"),
    leaseMs: LEASE_MS,
  });
  target = {
    gatewayUrl: product.url,
    tokens: { token: async (role, accountId) => `${role}:${accountId ?? ""}` },
    vendor: { accountId: vendor.id, principalArn: `arn:aws:iam::${vendor.id}:role/ekm-service` },
    awsEndpoint: aws.url,
    control: aws.simulator,
    spans: { leaseMs: LEASE_MS, healthIntervalMs: LEASE_MS },
    sources: (accountId) => join(root, "sources", accountId),
    restores: (accountId) => join(root, "restores", accountId),
  };
});
afterEach(async () => {
  await product.close();
  await aws.close();
  await rm(root, { recursive: true });
});

async function fromCatalogue(name: string): Promise<Experiment> {
  const experiment = (await loadCatalogue()).experiments.find((one) => one.name === name);
  if (!experiment) throw new Error(`no ${name}`);
  for (const account of Object.values(experiment.given.accounts)) account.data.size = 200_000;
  return experiment;
}

function run(
  experiment: Experiment,
  signal = new AbortController().signal,
  progress = (_: string) => {},
): Promise<ExperimentResult> {
  return runExperiment(experiment, target, { id: `${experiment.name}-1`, seed: 1, signal, progress });
}
const keyStates = async (): Promise<string[]> => (await aws.simulator.keys.list()).map(({ state }) => state);

describe("against a product that does what it should", () => {
  it.each(["happy-path", "key-disabled", "account-suspended", "key-policy-revoked"])(
    "%s is as expected and leaves nothing behind",
    async (name) => {
      const result = await run(await fromCatalogue(name));
      expect(result).toMatchObject({ verdict: "as expected", logs: [] });
      expect(result.happened).toMatch(/recovered$/);
      expect(await keyStates()).toEqual(["Enabled"]);
      expect((await aws.simulator.accounts.list()).map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
      const left = await readdir(root, { recursive: true });
      expect(left.filter((path) => path.startsWith("restores/") || path.endsWith("/acme"))).toEqual([]);
    },
  );
});

describe("against a product that is wrong", () => {
  it("finds that it serves without the key, and enables the key again", async () => {
    product.flaw = "ignores-refusals";
    const result = await run(await fromCatalogue("key-disabled"));
    expect(result.verdict).toBe("deviated");
    expect(result.expected).toContain("backup of acme FAILED KEY_DISABLED");
    expect(result.happened).toMatch(/^method: backup of acme SUCCEEDED, still after 1\.\d s$/);
    expect(await keyStates()).toEqual(["Enabled"]);
  });

  it("finds that it names the wrong cause", async () => {
    product.flaw = "blames-the-policy";
    const result = await run(await fromCatalogue("key-disabled"));
    expect(result.verdict).toBe("deviated");
    expect(result.happened).toContain("backup of acme FAILED KEY_ACCESS_DENIED, still after");
  });

  it("finds that it does not recover", async () => {
    product.flaw = "never-recovers";
    const result = await run(await fromCatalogue("account-suspended"));
    expect(result.verdict).toBe("deviated");
    expect(result.happened).toContain("rollback: probe of acme's key UNUSABLE KEY_ACCESS_DENIED, still after");
  });

  it("finds a restore that differs by one file, and names it", async () => {
    product.flaw = "corrupts-restores";
    const result = await run(await fromCatalogue("key-disabled"));
    expect(result.verdict).toBe("deviated");
    expect(result.happened).toContain("restore of acme different: Account.csv has 6 bytes instead of");
  });
});

describe("what the language looks at", () => {
  async function outcomeOf(step: string): Promise<string> {
    const parsed = parseExperiment(
      `
name: looks
title: x
given: { keys: { main: {} }, accounts: { acme: { ekm: enabled, key: main, backups: 1, data: { size: 200KB } }, globex: { data: { size: 200KB } } } }
method:
  - do: { startRestore: first, as: r1 }
    expect: { job: SUCCEEDED }
  - ${step}`,
      "looks.yaml",
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { verdict, happened } = await run(parsed.experiment);
    return `${verdict}: ${happened}`;
  }

  it("finds that another tenant is affected, and one whose data are not its own alone", async () => {
    expect(await outcomeOf("expect: { unaffected: globex }")).toMatch(
      /^as expected: .*globex goes on: backup in .*, restore in .*, identical/,
    );
    product.flaw = "corrupts-restores";
    expect(await outcomeOf("expect: { unaffected: globex }")).toMatch(
      /^deviated: method: restore of globex different: Account.csv/,
    );
    expect(await outcomeOf("expect: { identical: r1 }")).toMatch(/^deviated: method: r1 different: Account.csv/);
    // The fake answers anybody.
    expect(await outcomeOf("expect: { invisible: acme, to: globex }")).toMatch(
      /^deviated: .*globex sees of acme the account, the backup/,
    );
  });

  it("finds a job that took too long, a key that does not warn, a request that is done twice", async () => {
    expect(await outcomeOf("do: { startBackup: acme }\n    expect: { job: SUCCEEDED, took: { atLeast: 1h } }")).toMatch(
      /^deviated: method: backup of acme after /,
    );
    expect(
      await outcomeOf("do: { checkKeyHealth: acme }\n    expect: { health: HEALTHY, warnings: [KEY_POLICY_TOO_WIDE] }"),
    ).toMatch(/^deviated: method: probe of acme's key warnings none/);
    expect(await outcomeOf("do: { startBackup: acme, idempotencyKey: k }\n    expect: { same: r1 }")).toMatch(
      /^deviated: method: backup of acme another one/,
    );
  });

  it("concludes nothing where it needs a stack of the runner's own", async () => {
    expect(await outcomeOf("store: { damage: first }")).toMatch(/^harness failed: .*in the runner's own stack only/);
  });
});

describe("how long plaintext goes on", () => {
  function inFlight(wait = ""): Experiment {
    const parsed = parseExperiment(
      `
name: in-flight
title: x
given:
  keys: { main: {} }
  accounts: { acme: { ekm: enabled, key: main, backups: 1, data: { size: 200KB } } }
method:
  - do: { startRestore: first, as: r1, maxBytesPerSecond: 50KB }
  - wait: { job: r1, bytesDone: 10% }${wait}
  - aws: { disableKey: main, as: off }
  - expect: { plaintext: r1, none-after: off + lease }
rollback:
  - aws: { enableKey: main }`,
      "in-flight.yaml",
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.experiment;
  }
  const measured = (result: ExperimentResult) =>
    result.steps.flatMap(({ outcome }) => ("revocation" in outcome && outcome.revocation ? [outcome.revocation] : []))[0];

  it("is timed by the harness from the act, through the first refused call, to the last byte", async () => {
    const result = await run(inFlight());
    expect(result.verdict).toBe("as expected");
    const { t0 = 0, t1 = 0, t2 = 0, ...more } = measured(result) ?? {};
    expect(more).toEqual({ job: "r1", act: "off", limitMs: LEASE_MS, measuredBy: "harness" });
    expect(t1).toBeGreaterThanOrEqual(t0);
    expect(t1).toBeLessThan(t0 + LEASE_MS + 150);
    expect(t2).toBeLessThan(t1 + 30);
  });

  it("is a deviation when bytes come after the promise, whatever the product reports", async () => {
    product.flaw = "goes-on-writing";
    const result = await run(inFlight());
    expect(result.verdict).toBe("deviated");
    expect(result.happened).toMatch(/last plaintext t2-t0 \d+.* after off/);
    const { t0 = 0, t2 = 0, limitMs = 0 } = measured(result) ?? {};
    expect(t2 - t0).toBeGreaterThan(limitMs);
  });

  it("is left open where the job had already ended at the act", async () => {
    product.flaw = "goes-on-writing";
    const experiment = inFlight("\n  - aws: { disableKey: main }\n  - expect: { job: r1, status: FAILED, code: KEY_DISABLED }");
    const result = await run(experiment);
    expect(result.verdict).toBe("harness failed");
    expect(result.happened).toContain("The situation never arose: at off, r1 was not running");
  });
});

describe("where the harness cannot do its part", () => {
  it("concludes nothing when what the experiment starts from cannot be made", async () => {
    product.flaw = "refuses-accounts";
    const result = await run(await fromCatalogue("key-disabled"));
    expect(result).toMatchObject({ verdict: "harness failed" });
    expect(result.happened).toContain("account acme: INPUT_INVALID");
  });

  it("concludes nothing when the product cannot be reached", async () => {
    await product.close();
    expect(await run(await fromCatalogue("key-disabled"))).toMatchObject({ verdict: "harness failed" });
  });

  it("concludes nothing when the situation to be tested never arose", async () => {
    const parsed = parseExperiment(
      `
name: too-fast
title: x
given: { accounts: { acme: { data: { size: 200KB } } } }
method:
  - do: { startBackup: acme, as: b1 }
  - wait: { job: b1, bytesDone: 25% }`,
      "too-fast.yaml",
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const result = await run(parsed.experiment);
    expect(result.verdict).toBe("harness failed");
    expect(result.happened).toContain("The situation never arose: b1 is SUCCEEDED");
  });

  it("rolls back when it is interrupted in the middle of the method", async () => {
    product.flaw = "ignores-refusals";
    const controller = new AbortController();
    const stopInMethod = (text: string): void => {
      if (text.startsWith("method: until it holds")) controller.abort();
    };
    const result = await run(await fromCatalogue("key-disabled"), controller.signal, stopInMethod);
    expect(result).toMatchObject({ verdict: "harness failed" });
    expect(result.happened).toContain("interrupted");
    expect(await keyStates()).toEqual(["Enabled"]);
  });
});
