// Invariant: a process that starts while another one holds the database (one that was stopped within a transaction keeps the write
// lock) waits for it within its patience and says so; it then works as if nothing had been, and where patience ends it says what to do.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientOf } from "./support/client.js";
import { lockDatabase } from "./support/database-lock.js";
import { launchProcess, variablesOfProcesses } from "./support/processes.js";
import { createSurroundings } from "./support/stack.js";

const PATIENCE = { timeout: 60_000, interval: 50 };
const WAITING = "another process holds the database; waiting for it";
/** As EX_TEMPFAIL. */
const HELD = 75;

let surroundings: Awaited<ReturnType<typeof createSurroundings>>;
let variables: Record<string, string>;
beforeAll(async () => {
  surroundings = await createSurroundings();
  variables = { ...(await variablesOfProcesses(surroundings)), EKM_LOG_LEVEL: "warn" };
  // The database as a first process leaves it.
  const first = launchProcess("gateway", variables);
  await first.ready;
  expect(await first.stop()).toBe(0);
}, 60_000);
afterAll(() => surroundings.aws.close());

describe.each(["gateway", "worker"] as const)("a %s that starts while the database is held", { timeout: 120_000 }, (name) => {
  it("waits, says so, and is ready once the database is free", async () => {
    const lock = await lockDatabase(variables["EKM_DATABASE"] ?? "");
    const starting = launchProcess(name, variables);
    try {
      await expect.poll(starting.written, PATIENCE).toContain(WAITING);
      expect(starting.written()).not.toContain('"event":"ready"');
    } finally {
      await lock.release();
    }
    const { url } = await starting.ready;
    if (name === "gateway") {
      const token = await surroundings.issuer.token({ roles: ["SUPPORT"] });
      const query = 'mutation { createAccount(input: { name: "Acme" }) { account { name } userErrors { code } } }';
      const { data } = await clientOf(url).ask(query, { token });
      expect(data.createAccount).toEqual({ account: { name: "Acme" }, userErrors: [] });
    }
    expect(await starting.stop()).toBe(0);
  });

  it("ends when its patience does, with a status of its own and what to do", async () => {
    const lock = await lockDatabase(variables["EKM_DATABASE"] ?? "");
    try {
      const starting = launchProcess(name, { ...variables, EKM_DATABASE_PATIENCE_SECONDS: "0" });
      expect(await starting.exited).toBe(HELD);
      expect(starting.written()).toContain("another process holds");
      expect(starting.written()).toContain("continue it or end it");
      expect(starting.written()).not.toContain('"event":"ready"');
    } finally {
      await lock.release();
    }
  });

  it("can be told to stop while it waits", async () => {
    const lock = await lockDatabase(variables["EKM_DATABASE"] ?? "");
    try {
      const starting = launchProcess(name, variables);
      await expect.poll(starting.written, PATIENCE).toContain(WAITING);
      expect(await starting.stop()).toBe(0);
      expect(starting.written()).not.toContain('"event":"ready"');
    } finally {
      await lock.release();
    }
  });
});
