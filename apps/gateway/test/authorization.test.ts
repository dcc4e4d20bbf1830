// Invariant: a role does what it may and nothing else, whatever the way in: a query, a mutation, or a subscription over either transport.
import { readFile } from "node:fs/promises";
import { OPEN_OPERATIONS, ROLES_BY_OPERATION, type Role } from "@ekm/ekm";
import { type GraphQLField, type GraphQLObjectType, getNamedType, isObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withRolesTable } from "../src/docs/roles-table.js";
import { buildSchema } from "../src/graphql/schema.js";
import { hearByEventStream, hearByWebSocket } from "./support/listen.js";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

let stack: Stack;
let account: string;
beforeAll(async () => {
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000" });
  ({ account } = await tenantsOf(stack).enabled("Acme"));
});
afterAll(async () => {
  await stack?.close();
});

const ADMIN: readonly Role[] = ["ACCOUNT_ADMIN"];
const OPERATORS: readonly Role[] = ["ACCOUNT_ADMIN", "BACKUP_OPERATOR"];
const SUPPORT: readonly Role[] = ["SUPPORT"];
const ALL: readonly Role[] = ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR", "SUPPORT"];

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
  ["createWebhook", ADMIN, 'mutation { createWebhook(input: { url: "x" }) { userErrors { code } } }'],
  ["updateWebhook", ADMIN, 'mutation { updateWebhook(input: { webhookId: "whk_none" }) { userErrors { code } } }'],
  ["deleteWebhook", ADMIN, 'mutation { deleteWebhook(input: { webhookId: "whk_none" }) { userErrors { code } } }'],
  ["rotateWebhookSecret", ADMIN, 'mutation { rotateWebhookSecret(input: { webhookId: "whk_none" }) { userErrors { code } } }'],
  ["sendTestWebhook", ADMIN, 'mutation { sendTestWebhook(input: { webhookId: "whk_none" }) { userErrors { code } } }'],
  ["redeliverWebhook", ADMIN, 'mutation { redeliverWebhook(input: { deliveryId: "whd_none" }) { userErrors { code } } }'],
  ["startBackup", OPERATORS, 'mutation { startBackup(input: { sourceId: "src_none" }) { userErrors { code } } }'],
  ["startRestore", OPERATORS, 'mutation { startRestore(input: { backupId: "bkp_none" }) { userErrors { code } } }'],
  ["startVerification", OPERATORS, 'mutation { startVerification(input: { backupId: "bkp_none" }) { userErrors { code } } }'],
  ["cancelJob", OPERATORS, 'mutation { cancelJob(input: { jobId: "bkp_none" }) { userErrors { code } } }'],
];

/** The one operation that is asked for over a stream. */
const LISTEN = "subscription ($id: ID) { accountEvents(accountId: $id) { id kind } }";

const schema = buildSchema();
const tokenOf = (role: Role) =>
  stack.issuer.token({ subject: `${role}@example.com`, roles: [role], ...(role === "SUPPORT" ? {} : { account }) });
const codesOf = (errors: readonly { extensions: Record<string, unknown> }[]) =>
  errors.map(({ extensions }) => extensions["code"]);

describe("the table of roles", () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const operations = roots.flatMap((type) => Object.keys(type?.getFields() ?? {})).sort();
  const asked = [...OPERATIONS.map(([name]) => name), "accountEvents"].sort();

  it("has a row for everything that the schema can be asked for, and so has this test", () => {
    expect([...Object.keys(ROLES_BY_OPERATION), ...OPEN_OPERATIONS].sort()).toEqual(operations);
    expect(asked).toEqual(operations);
  });

  it("says what is written here a second time", () => {
    const table: Record<string, readonly Role[]> = { ...ROLES_BY_OPERATION };
    for (const name of OPEN_OPERATIONS) table[name] = ALL;
    for (const [name, allowed] of OPERATIONS)
      expect([name, [...(table[name] ?? [])].sort()]).toEqual([name, [...allowed].sort()]);
    expect([...ROLES_BY_OPERATION.accountEvents].sort()).toEqual([...ALL].sort());
  });

  it("is the one in the documentation", async () => {
    const document = await readFile(new URL("../../../docs/identity.md", import.meta.url), "utf8");
    expect(document).toBe(withRolesTable(document));
  });
});

describe.each(OPERATIONS)("%s", (name, allowed, query) => {
  it.each(ALL)("is for %s as its role says", async (role) => {
    const { errors, data } = await stack.ask(query, { token: await tokenOf(role) });
    expect(codesOf(errors)).toEqual(allowed.includes(role) ? [] : ["FORBIDDEN"]);
    if (!allowed.includes(role)) expect(data === null || data[name] === null).toBe(true);
  });

  it.each([
    ["no role", []],
    ["a role that there is not", ["ACCOUNT_OWNER", "account_admin", "SUPPORT "]],
  ])("is forbidden to a caller with %s", async (_what, roles) => {
    const { errors, data } = await stack.ask(query, { token: await stack.issuer.token({ roles, account }) });
    const open = (OPEN_OPERATIONS as readonly string[]).includes(name);
    expect(codesOf(errors)).toEqual(open ? [] : ["FORBIDDEN"]);
    expect(data === null || Object.values(data).every((value) => value === null)).toBe(!open);
  });

  it("is refused without a token, and with one that is not good", async () => {
    for (const token of [undefined, "e30.e30.e30"]) {
      const { status, errors, data } = await stack.ask(query, token === undefined ? {} : { token });
      expect([status, codesOf(errors), data]).toEqual([401, ["UNAUTHENTICATED"], null]);
    }
  });

  it("is allowed by any of a caller's roles", async () => {
    const roles: Role[] = ["ACCOUNT_VIEWER", "BACKUP_OPERATOR"];
    const { errors } = await stack.ask(query, { token: await stack.issuer.token({ roles, account }) });
    expect(codesOf(errors)).toEqual(roles.some((role) => allowed.includes(role)) ? [] : ["FORBIDDEN"]);
  });
});

describe.each([
  ["a web socket", hearByWebSocket, "closed 4403"],
  ["server-sent events", hearByEventStream, "UNAUTHENTICATED"],
])("accountEvents over %s", (_transport, hear, unauthenticated) => {
  it("is heard by every role of the account, and by support", async () => {
    const hearings = await Promise.all(
      ALL.map(async (role) => hear(stack.url, { token: await tokenOf(role), query: LISTEN, variables: { id: account } })),
    );
    let heard = 0;
    for (const { outcome } of hearings) {
      void outcome.then(() => {
        heard += 1;
      });
    }
    const admin = await tokenOf("ACCOUNT_ADMIN");
    // Listening begins when the other side has it: one change after another, until each has heard one.
    for (let round = 0; heard < hearings.length && round < 50; round += 1) {
      for (const verb of ["lock", "unlock"]) {
        await stack.ask(`mutation { ${verb}AccountKeys(input: { reason: "drill" }) { userErrors { code } } }`, { token: admin });
      }
    }
    expect(await Promise.all(hearings.map(({ outcome }) => outcome))).toEqual(ALL.map(() => "event"));
    for (const hearing of hearings) hearing.stop();
  });

  it.each([[[]], [["ACCOUNT_OWNER"]]])("is forbidden to a caller with the roles %j", async (roles) => {
    const hearing = hear(stack.url, { token: await stack.issuer.token({ roles, account }), query: LISTEN });
    expect(await hearing.outcome).toBe("FORBIDDEN");
    hearing.stop();
  });

  it("is refused without a token, and with one that is not good", async () => {
    for (const token of [undefined, "e30.e30.e30"]) {
      const hearing = hear(stack.url, { token, query: LISTEN });
      expect(await hearing.outcome).toBe(unauthenticated);
      hearing.stop();
    }
  });
});

describe("every field of an account", () => {
  const type = schema.getType("Account") as GraphQLObjectType;

  it.each(Object.keys(type.getFields()))("%s is for whoever may see the account", async (name) => {
    const field = type.getFields()[name] as GraphQLField<unknown, unknown>;
    const query = `query ($id: ID) { account(id: $id) { __typename ${name}${isObjectType(getNamedType(field.type)) ? " { __typename }" : ""} } }`;
    for (const role of ALL) {
      const { errors, data } = await stack.ask(query, { token: await tokenOf(role), variables: { id: account } });
      expect([role, codesOf(errors), data.account.__typename]).toEqual([role, [], "Account"]);
    }
    const { errors, data } = await stack.ask(query, {
      token: await stack.issuer.token({ roles: [], account }),
      variables: { id: account },
    });
    expect([codesOf(errors), data]).toEqual([["FORBIDDEN"], { account: null }]);
  });
});

describe("support", () => {
  it("may look at any account, which the account's audit log tells", async () => {
    const { data } = await stack.as("SUPPORT", undefined, "query ($id: ID!) { account(id: $id) { name } }", { id: account });
    expect(data.account).toEqual({ name: "Acme" });
    const log = await stack.as(
      "ACCOUNT_ADMIN",
      account,
      "{ account { auditLog(first: 1, action: ACCOUNT_READ_BY_SUPPORT) { nodes { actor } } } }",
    );
    expect(log.data.account.auditLog.nodes).toEqual([{ actor: "support@example.com" }]);
  });

  it("has no account of its own", async () => {
    const { data } = await stack.as("SUPPORT", undefined, "{ account { id } viewer { account { id } } }");
    expect(data).toEqual({ account: null, viewer: { account: null } });
  });
});
