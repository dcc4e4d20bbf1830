// Invariant: a role does what it may and nothing else, and a tenant learns nothing of another: a foreign id answers exactly as
// one that does not exist.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Role } from "@ekm/ekm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "./support/stack.js";

interface Tenant {
  readonly account: string;
  readonly source: string;
  readonly backup: string;
}

let stack: Stack;
let own: Tenant;
let other: Tenant;

beforeAll(async () => {
  stack = await startStack();
  await writeFile(path.join(stack.data, "crm", "accounts.csv"), "id,name\n1,Acme\n");
  own = await createTenant("Own");
  other = await createTenant("Other");
});
afterAll(async () => {
  await stack.close();
});

async function createTenant(name: string): Promise<Tenant> {
  const created = await stack.as(
    "SUPPORT",
    undefined,
    "mutation ($name: String!) { createAccount(input: { name: $name }) { account { id } } }",
    { name },
  );
  const account: string = created.data.createAccount.account.id;
  await stack.as("SUPPORT", undefined, "mutation ($id: ID!) { activateEkm(input: { accountId: $id }) { userErrors { code } } }", {
    id: account,
  });
  const registered = await stack.as(
    "ACCOUNT_ADMIN",
    account,
    'mutation ($location: String!) { registerBackupSource(input: { name: "CRM", kind: DIRECTORY, location: $location }) { source { id } userErrors { code message } } }',
    { location: path.join(stack.data, "crm") },
  );
  const source: string = registered.data.registerBackupSource.source.id;
  const started = await stack.as(
    "BACKUP_OPERATOR",
    account,
    "mutation ($source: ID!) { startBackup(input: { sourceId: $source }) { backup { id } userErrors { code message } } }",
    { source },
  );
  return { account, source, backup: started.data.startBackup.backup.id };
}

const ADMIN: readonly Role[] = ["ACCOUNT_ADMIN"];
const OPERATORS: readonly Role[] = ["ACCOUNT_ADMIN", "BACKUP_OPERATOR"];
const SUPPORT: readonly Role[] = ["SUPPORT"];
const TENANT: readonly Role[] = ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR"];
const ALL: readonly Role[] = [...TENANT, "SUPPORT"];

/** Each asks for something harmless, so that the same question can be put in every role. */
const OPERATIONS: readonly [name: string, allowed: readonly Role[], query: string][] = [
  ["viewer", ALL, "{ viewer { subject } }"],
  ["errorCatalog", ALL, "{ errorCatalog { code } }"],
  ["account", ALL, "{ account { id } }"],
  ["node", ALL, '{ node(id: "acc_none") { id } }'],
  ["accounts", SUPPORT, "{ accounts { nodes { id } } }"],
  ["createAccount", SUPPORT, 'mutation { createAccount(input: { name: "" }) { userErrors { code } } }'],
  ["activateEkm", SUPPORT, 'mutation { activateEkm(input: { accountId: "acc_none" }) { userErrors { code } } }'],
  [
    "withdrawEkmActivation",
    SUPPORT,
    'mutation { withdrawEkmActivation(input: { accountId: "acc_none", reason: "x" }) { userErrors { code } } }',
  ],
  [
    "registerBackupSource",
    ADMIN,
    'mutation { registerBackupSource(input: { name: "", kind: DIRECTORY, location: "/" }) { userErrors { code } } }',
  ],
  ["validateKmsKey", ADMIN, 'mutation { validateKmsKey(input: { keyArn: "x" }) { userErrors { code } } }'],
  [
    "enableEkm",
    ADMIN,
    'mutation { enableEkm(input: { keyArn: "x", acceptedTermsVersion: "", confirmIrreversible: false }) { userErrors { code } } }',
  ],
  ["checkKeyHealth", ADMIN, "mutation { checkKeyHealth(input: {}) { userErrors { code } } }"],
  ["startBackup", OPERATORS, 'mutation { startBackup(input: { sourceId: "src_none" }) { userErrors { code } } }'],
  ["startRestore", OPERATORS, 'mutation { startRestore(input: { backupId: "bkp_none" }) { userErrors { code } } }'],
];

describe.each(OPERATIONS)("%s", (_name, allowed, query) => {
  it.each(ALL)(`is ${"for"} %s as its role says`, async (role) => {
    const { errors } = await stack.as(role, role === "SUPPORT" ? undefined : own.account, query);
    expect(errors.map((error) => error.extensions["code"])).toEqual(allowed.includes(role) ? [] : ["FORBIDDEN"]);
  });

  it("is forbidden to a caller without a role", async () => {
    const { errors, data } = await stack.ask(query, { token: await stack.issuer.token({ roles: [], account: own.account }) });
    const open = _name === "viewer" || _name === "errorCatalog";
    expect(errors.map((error) => error.extensions["code"])).toEqual(open ? [] : ["FORBIDDEN"]);
    expect(data === null || Object.values(data).every((value) => value === null)).toBe(!open);
  });
});

describe("a foreign id", () => {
  const UNKNOWN: Tenant = {
    account: "acc_00000000000000000000000000",
    source: "src_00000000000000000000000000",
    backup: "bkp_00000000000000000000000000",
  };

  it.each([
    ["account", "query ($account: ID!) { account(id: $account) { id name } }"],
    ["node, an account", "query ($account: ID!) { node(id: $account) { id } }"],
    ["node, a source", "query ($source: ID!) { node(id: $source) { id } }"],
    ["node, a backup", "query ($backup: ID!) { node(id: $backup) { id } }"],
    [
      "registerBackupSource",
      'mutation ($account: ID!) { registerBackupSource(input: { accountId: $account, name: "x", kind: DIRECTORY, location: "/x" }) { source { id } userErrors { code message remedy field } } }',
    ],
    [
      "validateKmsKey",
      'mutation ($account: ID!) { validateKmsKey(input: { accountId: $account, keyArn: "x" }) { usable checks { check } userErrors { code message remedy field } } }',
    ],
    [
      "enableEkm",
      'mutation ($account: ID!) { enableEkm(input: { accountId: $account, keyArn: "x", acceptedTermsVersion: "1", confirmIrreversible: true }) { account { id } checks { check } userErrors { code message remedy field } } }',
    ],
    [
      "checkKeyHealth",
      "mutation ($account: ID!) { checkKeyHealth(input: { accountId: $account }) { health { state } userErrors { code message remedy field } } }",
    ],
    [
      "startBackup, by account",
      "mutation ($account: ID!, $source: ID!) { startBackup(input: { accountId: $account, sourceId: $source }) { backup { id } userErrors { code message remedy field } } }",
    ],
    [
      "startBackup, by source",
      "mutation ($source: ID!) { startBackup(input: { sourceId: $source }) { backup { id } userErrors { code message remedy field } } }",
    ],
    [
      "startRestore",
      "mutation ($backup: ID!) { startRestore(input: { backupId: $backup }) { restore { id } userErrors { code message remedy field } } }",
    ],
    ["backups by source", "query ($source: ID!) { account { backups(sourceId: $source) { nodes { id } totalCount } } }"],
  ])("answers %s as an unknown one does", async (_what, query) => {
    const foreign = await stack.as("ACCOUNT_ADMIN", own.account, query, other);
    const unknown = await stack.as("ACCOUNT_ADMIN", own.account, query, UNKNOWN);
    expect(JSON.stringify(foreign.data)).not.toContain(other.account);
    expect({ data: foreign.data, errors: foreign.errors }).toEqual({ data: unknown.data, errors: unknown.errors });
    expect(unknown.errors).toEqual([]);
  });

  it("would have answered something else to its owner", async () => {
    const { data } = await stack.as(
      "ACCOUNT_ADMIN",
      other.account,
      "query ($account: ID!, $source: ID!, $backup: ID!) { account(id: $account) { id } source: node(id: $source) { id } backup: node(id: $backup) { id } }",
      other,
    );
    expect(data).toEqual({ account: { id: other.account }, source: { id: other.source }, backup: { id: other.backup } });
  });
});

describe("support", () => {
  it("may look at any account, which the account's audit log tells", async () => {
    const { data } = await stack.as(
      "SUPPORT",
      undefined,
      "query ($id: ID!) { account(id: $id) { name backups { nodes { id source { name } } } } }",
      {
        id: other.account,
      },
    );
    expect(data.account).toEqual({ name: "Other", backups: { nodes: [{ id: other.backup, source: { name: "CRM" } }] } });
    const log = await stack.as(
      "ACCOUNT_ADMIN",
      other.account,
      "{ account { auditLog(action: ACCOUNT_READ_BY_SUPPORT) { nodes { actor } } } }",
    );
    expect(log.data.account.auditLog.nodes).toEqual([{ actor: "support@example.com" }]);
  });

  it("has no account of its own", async () => {
    const { data } = await stack.as("SUPPORT", undefined, "{ account { id } viewer { account { id } } }");
    expect(data).toEqual({ account: null, viewer: { account: null } });
  });
});
