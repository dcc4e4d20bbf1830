// Invariant: a page of support's, or a list of backups or restores, costs as many statements for fifty rows as for two.
import { createRequire } from "node:module";
import { createIds, systemClock } from "@ekm/ekm";
import { openStore } from "@ekm/persistence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "./support/stack.js";

const ACCOUNTS = 50;
const JOBS = 50;

/** Support's looks are noted in each account's own log: so many rows are written, whatever it costs to read. */
const NOTES_LOOKS = /audit_head|^INSERT|^BEGIN|^COMMIT/;

interface Statement {
  readonly sql: string;
  all(...parameters: unknown[]): unknown;
  run(...parameters: unknown[]): unknown;
}
const { Statement } = createRequire(new URL("../../../packages/persistence/package.json", import.meta.url))("sqlite3") as {
  Statement: { prototype: Statement };
};
const { all, run } = Statement.prototype;
let statements = 0;

let stack: Stack;
let busiest: string;

beforeAll(async () => {
  stack = await startStack();
  const ids = createIds(systemClock);
  const store = await openStore({ sqlitePath: stack.variables.EKM_DATABASE, clock: systemClock, ids });
  const now = new Date();
  const arn = "arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-4333-8444-555555555555";
  for (let n = 0; n < ACCOUNTS; n += 1) {
    const accountId = ids.next("acc");
    busiest = accountId;
    await store.transaction(async (tx) => {
      await tx.accounts.insert({
        id: accountId,
        name: `A${n}`,
        createdAt: now,
        ekm: {
          status: "ENABLED",
          activation: { activatedAt: now, activatedBy: "support" },
          acceptance: { version: "1", sha256: "0", acceptedBy: "ada", acceptedAt: now },
          key: { arn, multiRegion: false, enabledAt: now, warnings: [] },
        },
        keyEpoch: 0,
        version: 0,
      });
      await tx.health.put({
        id: ids.next("hlt"),
        accountId,
        keyArn: arn,
        state: "HEALTHY",
        since: now,
        warnings: [],
        checkedAt: now,
      });
      for (let job = 0; job < (n === ACCOUNTS - 1 ? JOBS : 1); job += 1) {
        const record = {
          accountId,
          status: "QUEUED",
          progress: { bytesDone: 0n, itemsDone: 0n },
          createdAt: now,
          requestedBy: "ada",
        } as const;
        const [sourceId, backupId] = [ids.next("src"), ids.next("bkp")];
        await tx.sources.insert({ id: sourceId, accountId, name: "S", kind: "DIRECTORY", location: "/", createdAt: now });
        await tx.backups.insert({ ...record, id: backupId, sourceId, createdUnder: "ENTERPRISE" });
        await tx.restores.insert({ ...record, id: ids.next("rst"), backupId, target: "/", overwrite: false, bytesReleased: 0n });
      }
    });
  }
  await store.close();
  Statement.prototype.all = function (this: Statement, ...parameters) {
    if (!NOTES_LOOKS.test(this.sql)) statements += 1;
    return all.apply(this, parameters);
  };
  Statement.prototype.run = function (this: Statement, ...parameters) {
    if (!NOTES_LOOKS.test(this.sql)) statements += 1;
    return run.apply(this, parameters);
  };
}, 120_000);
afterAll(async () => {
  Object.assign(Statement.prototype, { all, run });
  await stack.close();
});

/** How many statements an answer took. */
async function cost(ask: () => ReturnType<Stack["ask"]>): Promise<{ statements: number; data: ReturnType<typeof JSON.parse> }> {
  const before = statements;
  const { data, errors } = await ask();
  expect(errors).toEqual([]);
  return { statements: statements - before, data };
}

const SUPPORT_PAGE = `query ($first: Int) {
  accounts(first: $first) {
    nodes {
      id name keyManagement keyLock { reason }
      ekm {
        status impact { backups bytes generations }
        key { arn health { state problem { code } } healthHistory(first: 1) { nodes { state } } }
        activeRotation { id } rotations(first: 1) { nodes { id } totalCount }
      }
      sources(first: 1) { nodes { id name } totalCount }
      backups(first: 1) { nodes { id source { name } restorable protectedBy } totalCount }
      restores(first: 1, status: QUEUED) { nodes { id backup { id source { name } } } totalCount }
      auditLog(first: 1) { nodes { action } totalCount }
    }
  }
}`;

describe("the number of statements", () => {
  it("of a page of accounts does not grow with the accounts", async () => {
    const page = (first: number) => cost(() => stack.as("SUPPORT", undefined, SUPPORT_PAGE, { first }));
    await page(ACCOUNTS);
    const two = await page(2);
    const fifty = await page(ACCOUNTS);
    expect([two.data.accounts.nodes.length, fifty.data.accounts.nodes.length]).toEqual([2, ACCOUNTS]);
    expect(
      fifty.data.accounts.nodes.every(
        ({ sources, backups }: { sources: { nodes: object[] }; backups: { nodes: object[] } }) =>
          sources.nodes.length === 1 && backups.nodes.length === 1,
      ),
    ).toBe(true);
    expect(two.statements).toBeGreaterThan(5);
    expect(fifty.statements).toBe(two.statements);
  });

  it.each([
    [
      "backups",
      "query ($first: Int) { account { list: backups(first: $first) { nodes { id restorable keyArn source { id name } } } } }",
    ],
    [
      "restores",
      "query ($first: Int) { account { list: restores(first: $first) { nodes { id backup { id restorable source { id name } } } } } }",
    ],
  ])("of a list of %s does not grow with the list", async (_what, query) => {
    const list = (first: number) => cost(() => stack.as("ACCOUNT_ADMIN", busiest, query, { first }));
    await list(2);
    const two = await list(2);
    const fifty = await list(JOBS);
    expect([two.data.account.list.nodes.length, fifty.data.account.list.nodes.length]).toEqual([2, JOBS]);
    expect(fifty.statements).toBe(two.statements);
  });
});
