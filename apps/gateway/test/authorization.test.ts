// Invariant: a role does what it may and nothing else, and a tenant learns nothing of another: a foreign id answers exactly as
// one that does not exist.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Role } from "@ekm/ekm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeCursor } from "../src/graphql/relay/cursor.js";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

interface Tenant {
  readonly account: string;
  readonly source: string;
  readonly backup: string;
  readonly restore: string;
  readonly verification: string;
  readonly rotation: string;
  readonly event: string;
}

let stack: Stack;
let own: Tenant;
let other: Tenant;

beforeAll(async () => {
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000" });
  await writeFile(path.join(stack.data, "crm", "accounts.csv"), "id,name\n1,Acme\n");
  own = await createTenant("Own");
  other = await createTenant("Other");
});
afterAll(async () => {
  await stack.close();
});

async function createTenant(name: string): Promise<Tenant> {
  const tenants = tenantsOf(stack);
  const { account } = await tenants.enabled(name);
  const source = await tenants.source(account);
  const backup = await tenants.backup(account, source);
  await stack.dataPlane.runAll();
  const key = await tenants.grantedKey(account);
  const { data } = await stack.as(
    "ACCOUNT_ADMIN",
    account,
    `mutation ($backup: ID!, $key: String!) {
      startRestore(input: { backupId: $backup }) { restore { id } }
      startVerification(input: { backupId: $backup }) { verification { id } }
      rotateEkmKey(input: { keyArn: $key }) { rotation { id } }
    }`,
    { backup, key },
  );
  const log = await stack.as("ACCOUNT_ADMIN", account, "{ account { auditLog(first: 1) { nodes { id } } } }");
  return {
    account,
    source,
    backup,
    restore: data.startRestore.restore.id,
    verification: data.startVerification.verification.id,
    rotation: data.rotateEkmKey.rotation.id,
    event: log.data.account.auditLog.nodes[0].id,
  };
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
  ["rotateEkmKey", ADMIN, 'mutation { rotateEkmKey(input: { keyArn: "x" }) { userErrors { code } } }'],
  ["pauseEkmKeyRotation", ADMIN, 'mutation { pauseEkmKeyRotation(input: { rotationId: "rot_none" }) { userErrors { code } } }'],
  ["resumeEkmKeyRotation", ADMIN, 'mutation { resumeEkmKeyRotation(input: { rotationId: "rot_none" }) { userErrors { code } } }'],
  ["cancelEkmKeyRotation", ADMIN, 'mutation { cancelEkmKeyRotation(input: { rotationId: "rot_none" }) { userErrors { code } } }'],
  ["lockAccountKeys", ADMIN, 'mutation { lockAccountKeys(input: { reason: "" }) { userErrors { code } } }'],
  ["unlockAccountKeys", ADMIN, 'mutation { unlockAccountKeys(input: { reason: "" }) { userErrors { code } } }'],
  ["checkKeyHealth", ADMIN, "mutation { checkKeyHealth(input: {}) { userErrors { code } } }"],
  ["startBackup", OPERATORS, 'mutation { startBackup(input: { sourceId: "src_none" }) { userErrors { code } } }'],
  ["startRestore", OPERATORS, 'mutation { startRestore(input: { backupId: "bkp_none" }) { userErrors { code } } }'],
  ["startVerification", OPERATORS, 'mutation { startVerification(input: { backupId: "bkp_none" }) { userErrors { code } } }'],
  ["cancelJob", OPERATORS, 'mutation { cancelJob(input: { jobId: "bkp_none" }) { userErrors { code } } }'],
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
    restore: "rst_00000000000000000000000000",
    verification: "vrf_00000000000000000000000000",
    rotation: "rot_00000000000000000000000000",
    event: "aud_00000000000000000000000000",
  };

  it.each([
    ["account", "query ($account: ID!) { account(id: $account) { id name } }"],
    ["node, an account", "query ($account: ID!) { node(id: $account) { id } }"],
    ["node, a source", "query ($source: ID!) { node(id: $source) { id } }"],
    ["node, a backup", "query ($backup: ID!) { node(id: $backup) { id } }"],
    ["node, a restore", "query ($restore: ID!) { node(id: $restore) { id } }"],
    ["node, a verification", "query ($verification: ID!) { node(id: $verification) { id } }"],
    ["node, a rotation", "query ($rotation: ID!) { node(id: $rotation) { id ... on KeyRotation { failures { generation } } } }"],
    ["node, an audit event", "query ($event: ID!) { node(id: $event) { id } }"],
    [
      "rotateEkmKey",
      'mutation ($account: ID!) { rotateEkmKey(input: { accountId: $account, keyArn: "x" }) { rotation { id } checks { check } userErrors { code message remedy field } } }',
    ],
    ...["pause", "resume", "cancel"].map((verb) => [
      `${verb}EkmKeyRotation`,
      `mutation ($rotation: ID!) { ${verb}EkmKeyRotation(input: { rotationId: $rotation }) { rotation { id } userErrors { code message remedy field } } }`,
    ]),
    ...["lock", "unlock"].map((verb) => [
      `${verb}AccountKeys`,
      `mutation ($account: ID!) { ${verb}AccountKeys(input: { accountId: $account, reason: "x" }) { account { id } userErrors { code message remedy field } } }`,
    ]),
    [
      "startVerification",
      "mutation ($backup: ID!) { startVerification(input: { backupId: $backup }) { verification { id } userErrors { code message remedy field } } }",
    ],
    ...["backup", "restore", "verification"].map((kind) => [
      `cancelJob, a ${kind}`,
      `mutation ($${kind}: ID!) { cancelJob(input: { jobId: $${kind} }) { job { id } userErrors { code message remedy field } } }`,
    ]),
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
      `query (${Object.keys(other)
        .map((kind) => `$${kind}: ID!`)
        .join(", ")}) { ${Object.keys(other)
        .map((kind) => `${kind}: node(id: $${kind}) { id }`)
        .join(" ")} }`,
      other,
    );
    expect(data).toEqual(Object.fromEntries(Object.entries(other).map(([kind, id]) => [kind, { id }])));
  });

  it("has changed nothing of its owner's", async () => {
    const { data } = await stack.as(
      "ACCOUNT_ADMIN",
      other.account,
      "query ($restore: ID!) { account { keyLock { reason } ekm { status activeRotation { status } } } node(id: $restore) { ... on Restore { status } } }",
      other,
    );
    expect(data).toEqual({
      account: { keyLock: null, ekm: { status: "ROTATING", activeRotation: { status: "RUNNING" } } },
      node: { status: "QUEUED" },
    });
  });
});

describe("a cursor of another tenant's list", () => {
  it.each([
    ["sources", "account { list: sources(first: 100, after: $after) { nodes { id } } }", "source"],
    ["backups", "account { list: backups(first: 100, after: $after) { nodes { id } } }", "backup"],
    ["restores", "account { list: restores(first: 100, after: $after) { nodes { id } } }", "restore"],
    ["auditLog", "account { list: auditLog(first: 100, after: $after) { nodes { id } } }", "audit"],
    ["rotations", "account { ekm { list: rotations(first: 100, after: $after) { nodes { id } } } }", "rotation"],
    ["healthHistory", "account { ekm { key { list: healthHistory(first: 100, after: $after) { nodes { since } } } } }", "health"],
  ] as const)("shows nothing of it: %s", async (_list, selection, kind) => {
    const listOf = async (tenant: Tenant, after: string | null) => {
      const { data, errors } = await stack.as("ACCOUNT_ADMIN", tenant.account, `query ($after: String) { ${selection} }`, {
        after,
      });
      expect(errors).toEqual([]);
      const { list } = data.account.ekm?.key ?? data.account.ekm ?? data.account;
      return list.nodes as readonly object[];
    };
    const ids = {
      source: other.source,
      backup: other.backup,
      restore: other.restore,
      audit: other.event,
      rotation: other.rotation,
      health: "hlt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    };
    const [mine, theirs] = [await listOf(own, null), await listOf(other, null)];
    expect(mine.length).toBeGreaterThan(0);
    const seen = await listOf(own, encodeCursor(kind, ids[kind]));
    for (const item of seen) {
      expect(mine).toContainEqual(item);
      expect(theirs).not.toContainEqual(item);
    }
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
