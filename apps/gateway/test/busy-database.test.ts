// Invariant: while another process holds the database, whoever wants to write is told so within the busy time-out, by a code with a
// remedy; readers are served throughout; and afterwards everything works as before, with nothing half done.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockDatabase } from "./support/database-lock.js";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const BUSY_TIMEOUT_MS = 5_000;
/** Scheduling on a loaded machine, and the request itself. */
const TOLERANCE_MS = 3_000;

let stack: Stack;
let account: string;
let source: string;
let tenants: ReturnType<typeof tenantsOf>;
beforeAll(async () => {
  stack = await startStack();
  tenants = tenantsOf(stack);
  account = await tenants.activated("Acme");
  source = await tenants.source(account);
});
afterAll(async () => {
  await stack.close();
});

const ERRORS = "userErrors { code message remedy retryable retryAfterMs }";
const BUSY = [
  {
    code: "STORAGE_UNAVAILABLE",
    message: expect.stringContaining("Nothing was changed"),
    remedy: expect.stringMatching(/\S/),
    retryable: true,
    retryAfterMs: expect.any(Number),
  },
];
const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const began = performance.now();
  const value = await work;
  return [value, performance.now() - began];
};

const readiness = async () => {
  const response = await fetch(`${stack.url}/readyz`);
  return [response.status, await response.json()];
};

describe("a database that another process holds", { timeout: 60_000 }, () => {
  it("is told of in time, to every mutation at once, and is served again afterwards", async () => {
    const lock = await lockDatabase(stack.variables.EKM_DATABASE);
    const start = `mutation ($id: ID!) { it: startBackup(input: { sourceId: $id, idempotencyKey: "b" }) { backup { id } ${ERRORS} } }`;
    try {
      const answers = await Promise.all([
        timed(
          stack.as("SUPPORT", undefined, `mutation { it: createAccount(input: { name: "x" }) { account { id } ${ERRORS} } }`),
        ),
        timed(stack.as("ACCOUNT_ADMIN", account, start, { id: source })),
        timed(
          stack.as(
            "ACCOUNT_ADMIN",
            account,
            `mutation { it: lockAccountKeys(input: { reason: "x" }) { account { id } ${ERRORS} } }`,
          ),
        ),
      ]);
      for (const [{ data, errors }, ms] of answers) {
        expect(errors).toEqual([]);
        expect(data.it.userErrors).toEqual(BUSY);
        expect(ms).toBeLessThan(BUSY_TIMEOUT_MS + TOLERANCE_MS);
      }
    } finally {
      await lock.release();
    }

    const { data } = await stack.as("ACCOUNT_ADMIN", account, start, { id: source });
    expect(data.it).toEqual({ backup: { id: expect.stringMatching(/^bkp_/) }, userErrors: [] });
    const seen = await stack.as("ACCOUNT_ADMIN", account, "{ account { keyLock { reason } backups { totalCount } } }");
    expect(seen.data.account).toEqual({ keyLock: null, backups: { totalCount: "1" } });
  });

  it("does not keep readers waiting", async () => {
    const lock = await lockDatabase(stack.variables.EKM_DATABASE);
    try {
      const [{ data, errors }, ms] = await timed(
        stack.as("ACCOUNT_ADMIN", account, "{ account { name auditLog { nodes { action } } } }"),
      );
      expect(errors).toEqual([]);
      expect(data.account.name).toBe("Acme");
      expect(ms).toBeLessThan(TOLERANCE_MS);
      expect(await readiness()).toMatchObject([200, { status: "ready", writes: "HELD" }]);
    } finally {
      await lock.release();
    }
    await expect.poll(readiness, { timeout: 30_000 }).toMatchObject([200, { status: "ready", writes: "PASSING" }]);
  });
});
