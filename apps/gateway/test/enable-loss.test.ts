// Invariant: an account of which one generation cannot be opened can leave Cloud Key Management by its admin's word. The admin reads
// what would be lost before, and what was left afterwards; the rest is restored as ever, from a real database and real files.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createIds, systemClock } from "@ekm/ekm";
import { openStore } from "@ekm/persistence";
import { createFileObjectStore, createKeyRecords } from "@ekm/vault";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

let stack: Stack;
let tenants: ReturnType<typeof tenantsOf>;
let account: string;
let key: string;
const backups: string[] = [];

beforeAll(async () => {
  stack = await startStack({ EKM_KEY_LEASE_SECONDS: "1" });
  tenants = tenantsOf(stack);
  account = await tenants.activated("Acme");
  key = await tenants.grantedKey(account);
  const source = await tenants.source(account);
  for (const text of ["first", "second"]) {
    await writeFile(path.join(stack.data, "crm", "Account.csv"), text);
    backups.push(await tenants.backup(account, source));
    await stack.dataPlane.runAll();
    await behindItsBack(async (store) => {
      await store.transaction((tx) => tx.keys.closeGeneration(account, backups.length, new Date()));
    });
  }
  await behindItsBack(loseGeneration);
}, 60_000);
afterAll(() => stack.close());

type Store = Awaited<ReturnType<typeof openStore>>;
async function behindItsBack(work: (store: Store) => Promise<void>): Promise<void> {
  const sqlitePath = stack.variables.EKM_DATABASE;
  const store = await openStore({ sqlitePath, clock: systemClock, ids: createIds(systemClock) });
  await work(store);
  await store.close();
}

/** A bad sector, twice: the first generation's wrap and its record beside the backups. */
async function loseGeneration(store: Store): Promise<void> {
  const wrap = await store.read.keys.currentWrap(account, 1);
  if (wrap === null) throw new Error("no wrap");
  const damaged = {
    ...wrap,
    ciphertext: wrap.ciphertext.map((byte, at) => (at === wrap.ciphertext.length - 1 ? byte ^ 1 : byte)),
  };
  await store.transaction(async (tx) => {
    await tx.keys.deleteWrap(account, 1, wrap.keyArn);
    await tx.keys.insertWrap(damaged);
  });
  const records = createKeyRecords(createFileObjectStore(stack.variables.EKM_STORE_DIR));
  for (const record of await records.list(account)) {
    if (record.generation !== 1) continue;
    await records.remove(record);
    await records.put(damaged, record.checkValue);
  }
}

const admin = (query: string, variables?: object) => stack.as("ACCOUNT_ADMIN", account, query, variables);
const ENABLE = `mutation ($input: EnableEkmInput!) {
  enableEkm(input: $input) {
    account { keyManagement ekm { status leftBehind { generation backups problem { code } } } }
    userErrors { code field message retryable }
  }
}`;
const enable = async (more: object = {}) => {
  const { terms } = (await admin("{ account { ekm { terms { version } } } }")).data.account.ekm;
  const input = { keyArn: key, acceptedTermsVersion: terms.version, confirmIrreversible: true, ...more };
  const { data, errors } = await admin(ENABLE, { input });
  expect(errors).toEqual([]);
  return data.enableEkm;
};
const jobOf = async (id: string) =>
  (await admin("query ($id: ID!) { node(id: $id) { ... on Restore { status problem { code } } } }", { id })).data.node;
const restore = async (backupId: string) => {
  const query = "mutation ($id: ID!) { startRestore(input: { backupId: $id }) { restore { id } userErrors { code } } }";
  const { data } = await admin(query, { id: backupId });
  await stack.dataPlane.runAll();
  return jobOf(data.startRestore.restore.id);
};

it("is told which generation, with how many backups, and what to do", async () => {
  const { account: none, userErrors } = await enable();
  expect(none).toBeNull();
  expect(userErrors).toEqual([
    {
      code: "ACCOUNT_KEY_UNREADABLE",
      field: null,
      retryable: false,
      message: expect.stringContaining("at fault: 1 (1 backup(s)). To go on without them, repeat the account's name"),
    },
  ]);
  expect((await enable({ acceptLossOfUnreadable: "acme" })).userErrors).toMatchObject([
    { code: "CONFIRMATION_MISSING", field: ["input", "acceptLossOfUnreadable"] },
  ]);
  expect((await admin("{ account { keyManagement } }")).data.account).toEqual({ keyManagement: "CLOUD" });
});

it("is enabled by the account's name, and shows what was left", async () => {
  const leftBehind = [{ generation: 1, backups: "1", problem: { code: "ACCOUNT_KEY_UNREADABLE" } }];
  expect(await enable({ acceptLossOfUnreadable: "Acme" })).toEqual({
    account: { keyManagement: "ENTERPRISE", ekm: { status: "ENABLED", leftBehind } },
    userErrors: [],
  });
  await stack.dataPlane.runAll();
  const { data } = await admin("{ account { ekm { leftBehind { generation } } backups { nodes { id restorable } } } }");
  expect(data.account.ekm.leftBehind).toEqual([{ generation: 1 }]);
  expect(data.account.backups.nodes).toEqual([
    { id: backups[1], restorable: true },
    { id: backups[0], restorable: false },
  ]);
});

it("restores what was moved; what was left fails with its own code", { timeout: 40_000 }, async () => {
  expect(await restore(backups[1] ?? "")).toEqual({ status: "SUCCEEDED", problem: null });
  // This data plane watches no epochs: what it unwrapped before the enabling it may use to the end of the lease.
  const failed = { status: "FAILED", problem: { code: "ACCOUNT_KEY_UNREADABLE" } };
  await expect.poll(() => restore(backups[0] ?? ""), { timeout: 30_000, interval: 250 }).toEqual(failed);
});
