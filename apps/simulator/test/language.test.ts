// Every step that acts on the product's own processes, files and clocks does what it says, against the real product; and
// experiments that run side by side share a stack, or have one of their own, as they ask.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatProblem, parseExperiment } from "../src/experiments/parse.js";
import type { Experiment } from "../src/experiments/schema.js";
import { runAll } from "../src/runner/run-all.js";
import { createStackPool } from "../src/runner/stack-pool.js";
import type { TargetSource } from "../src/runner/target-source.js";

const inherited = { PATH: process.env["PATH"] ?? "" };

function experiment(text: string): Experiment {
  const parsed = parseExperiment(text, "language.yaml");
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join("\n"));
  return parsed.experiment;
}

const STORE_AND_DATABASE = experiment(`
name: store-and-database
title: damage is found, a lock is waited for, an older database is put back
isolation: stack
given:
  product: { leaseSeconds: 1, healthIntervalSeconds: 1 }
  keys: { main: {}, next: {}, other: { account: globex-aws } }
  accounts:
    acme: { ekm: enabled, key: main, backups: 1, data: { size: 1MB } }
    globex: { ekm: enabled, key: other, backups: 1, data: { size: 1MB } }
method:
  - store: { damage: first, how: flip, as: hurt }
  - do: { startRestore: first, of: acme }
    expect: { job: FAILED, code: BACKUP_CORRUPT }
  - do: { startRestore: first, of: globex, as: other }
    expect: { job: SUCCEEDED, identical: true }
  - expect: { identical: other }
  - store: { repair: hurt }
  - do: { startRestore: first, of: acme }
    expect: { job: SUCCEEDED, identical: true }
  - store: { damageKeyRecord: acme, how: remove, as: record }
  - store: { repair: record }
  - db: { snapshot: before }
  - do: { rotateEkmKey: acme, key: next }
    expect: { rotation: COMPLETED }
  - expect: { account: acme, key: next, impact: { backups: 1 }, revocationWindowSeconds: 2 }
  - db: { restore: before, as: restored }
  - expect: { account: acme, key: main }
  - db: { lock: held }
  - do: { startBackup: acme }
    expect: { userError: STORAGE_UNAVAILABLE, took: { atLeast: 3s } }
  - db: { unlock: held, as: free }
  - expect: { duration: { from: held, to: free }, atLeast: 3s }
  - do: { startBackup: acme, as: b1, idempotencyKey: once }
    expect: { job: SUCCEEDED }
  - do: { startBackup: acme, idempotencyKey: once }
    expect: { same: b1 }
  - expect: { duration: b1, atMost: 30s }
  - expect: { audit: acme, action: EKM_ENABLED, outcome: DONE, by: ACCOUNT_ADMIN, count: 1 }
  - expect: { audit: acme, action: BACKUP, outcome: REFUSED, count: 0 }
  - expect: { auditChain: acme, atLeast: 5 }
  - expect: { invisible: acme, to: globex }
  # A process that starts waits for a busy database; it does not end without a word.
  - process: { kill: worker }
  - db: { lock: briefly, for: 4s }
  - process: { restart: gateway }
  - process: { restart: worker }
  - expect: { unaffected: globex }`);

const DISK_AND_CLOCKS = experiment(`
name: disk-and-clocks
title: a full disk is named, and clocks can be moved
isolation: stack
given:
  product: { leaseSeconds: 1, healthIntervalSeconds: 1, storeSize: 16MB, workerConcurrency: 2 }
  keys: { main: { kind: imported, expires: 3d } }
  accounts:
    acme: { ekm: enabled, key: main, backups: 1, data: { size: 2MB } }
    late: { key: main, data: { size: 200KB } }
method:
  - store: { fill: full, leave: 1MB }
  - do: { startBackup: acme }
    expect: { job: FAILED, code: STORAGE_FULL }
  - store: { release: full }
  - do: { startBackup: acme }
    expect: { job: SUCCEEDED }
  - do: { activateEkm: late, expiresInDays: 1 }
  - clock: { advance: product, by: 2d }
  - do: { enableEkm: late, key: main }
    expect: { userError: EKM_ACTIVATION_LAPSED }
  - clock: { advance: aws, by: 4d }
  - wait: { health: acme, state: UNUSABLE, within: 20s }
  - expect: { health: acme, state: UNUSABLE, code: KEY_PENDING_IMPORT, refusedBy: main }
  - aws: { importKeyMaterial: main }
  - clock: { setBack: product, by: 3d }
  - eventually: { do: { startBackup: acme }, expect: { job: SUCCEEDED }, within: 10s }
  - do: { activateEkm: late, expiresInDays: 1 }
  - do: { enableEkm: late, key: main }`);

const beside = (name: string): Experiment =>
  experiment(`
name: ${name}
title: one of two that share a stack
given:
  product: { leaseSeconds: 2 }
  keys: { main: {} }
  accounts: { acme: { ekm: enabled, key: main, backups: 1, data: { size: 200KB } } }
method:
  - wait: 2s
  - do: { startRestore: first }
    expect: { job: SUCCEEDED, identical: true }`);

interface Stay {
  readonly name: string;
  readonly gatewayUrl: string;
  readonly from: number;
  to: number;
}

/** Where each experiment ran, and when. */
function observed(source: TargetSource): TargetSource & { readonly stays: readonly Stay[] } {
  const stays: Stay[] = [];
  return {
    stays,
    async acquire(wanted) {
      const place = await source.acquire(wanted);
      if (place.kind === "unsuitable") return place;
      const stay = { name: wanted.name, gatewayUrl: place.target.gatewayUrl, from: Date.now(), to: 0 };
      stays.push(stay);
      return {
        ...place,
        release: async () => {
          stay.to = Date.now();
          await place.release();
        },
      };
    },
    close: () => source.close(),
  };
}

async function run(experiments: readonly Experiment[], parallel: number) {
  const source = observed(createStackPool(experiments, { inherited, seed: 1 }));
  try {
    const signal = new AbortController().signal;
    const results = await runAll(experiments, source, { parallel, seed: 1, signal, reporters: [] });
    return { results, stays: source.stays };
  } finally {
    await source.close();
  }
}

describe("the language, on a stack of its own", () => {
  it("damages and repairs the store, locks and restores the database, restarts processes, and looks at what came of it", async () => {
    const { results } = await run([STORE_AND_DATABASE], 1);
    expect(results.map(({ verdict, happened }) => `${verdict}: ${happened}`)).toEqual([expect.stringMatching(/^as expected/)]);
  }, 180_000);

  it("fills the disk and moves both clocks; where no disk can be had, it is skipped and says why", async () => {
    const { results } = await run([DISK_AND_CLOCKS], 1);
    const said = results.map(({ verdict, happened }) => `${verdict}: ${happened}`);
    expect(said).toEqual([expect.stringMatching(/^(as expected|skipped: needs a file system of its own)/)]);
  }, 180_000);
});

describe("every word of it, on a stack of its own", () => {
  it.each(["every-act-in-aws", "every-expectation"])(
    "%s",
    async (name) => {
      const file = fileURLToPath(new URL(`experiments/${name}.yaml`, import.meta.url));
      const { results } = await run([experiment(await readFile(file, "utf8"))], 1);
      expect(results.map(({ verdict, happened }) => `${verdict}: ${happened}`)).toEqual([expect.stringMatching(/^as expected/)]);
    },
    180_000,
  );
});

describe("side by side", () => {
  it("runs no more at a time than asked for; accounts share a stack, and who asks for a stack has one alone", async () => {
    const own = { ...beside("own"), isolation: "stack" as const };
    const { results, stays } = await run([beside("one"), beside("two"), own, beside("three")], 2);
    expect(results.map(({ name, verdict }) => [name, verdict])).toEqual(
      ["one", "two", "own", "three"].map((name) => [name, "as expected"]),
    );
    const urlOf = (name: string) => stays.find((stay) => stay.name === name)?.gatewayUrl;
    expect(new Set(["one", "two", "three"].map(urlOf)).size).toBe(1);
    expect(urlOf("own")).not.toBe(urlOf("one"));
    const atOnce = stays.map(({ from }) => stays.filter((other) => other.from <= from && from < other.to).length);
    expect(Math.max(...atOnce)).toBe(2);
  }, 180_000);
});

it("gives each of a pool's workers the next experiment, never more than `parallel`, and leaves none out", async () => {
  let running = 0;
  let most = 0;
  const source: TargetSource = {
    async acquire() {
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
      return { kind: "unsuitable", reason: "only counted" };
    },
    close: async () => {},
  };
  const experiments = Array.from({ length: 20 }, (_, at) => beside(`e${at}`));
  const signal = new AbortController().signal;
  const results = await runAll(experiments, source, { parallel: 3, seed: 1, signal, reporters: [] });
  expect(most).toBe(3);
  expect(results.map(({ name, happened }) => [name, happened])).toEqual(experiments.map(({ name }) => [name, "only counted"]));
});
