// Invariant: the published procedure works as it is written: support activates; the admin reads whom to grant access to, grants
// it, has the key checked, accepts the terms, enables; then the ARN is shown as Enabled, and there is no way back.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stack, startStack } from "./support/stack.js";

let stack: Stack;
let account: string;
let key: string;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
});

const admin = (query: string, variables?: object) => stack.as("ACCOUNT_ADMIN", account, query, variables);
const support = (query: string, variables?: object) => stack.as("SUPPORT", undefined, query, variables);

const VALIDATE =
  "mutation ($arn: String!) { validateKmsKey(input: { keyArn: $arn }) { usable checks { check verdict code } userErrors { code } } }";
const ENABLE = `mutation ($arn: String!, $terms: String!, $sure: Boolean!, $key: String) {
  enableEkm(input: { keyArn: $arn, acceptedTermsVersion: $terms, confirmIrreversible: $sure, idempotencyKey: $key }) {
    account { keyManagement ekm { status key { arn region awsAccountId health { state } } acceptance { version acceptedBy } } }
    checks { check verdict }
    userErrors { code field }
  }
}`;

it("begins with an account in Cloud Key Management", async () => {
  const { data, errors } = await support(
    'mutation { createAccount(input: { name: "Acme" }) { account { id name keyManagement ekm { status } } userErrors { code } } }',
  );
  expect(errors).toEqual([]);
  expect(data.createAccount).toEqual({
    account: { id: expect.stringMatching(/^acc_/), name: "Acme", keyManagement: "CLOUD", ekm: null },
    userErrors: [],
  });
  account = data.createAccount.account.id;
});

it("knows nothing of EKM for its admin until support has activated it", async () => {
  key = await stack.createKey();
  expect((await admin("{ account { ekm { status } } }")).data).toEqual({ account: { ekm: null } });
  expect((await admin(VALIDATE, { arn: key })).data.validateKmsKey.userErrors).toEqual([{ code: "EKM_NOT_ACTIVATED" }]);
  const { data } = await admin(ENABLE, { arn: key, terms: "x", sure: true });
  expect(data.enableEkm.userErrors).toEqual([expect.objectContaining({ code: "EKM_NOT_ACTIVATED" })]);
});

it("is activated by support", async () => {
  const { data } = await support(
    `mutation ($id: ID!) {
      activateEkm(input: { accountId: $id, ticket: "T-1", expiresInDays: 14 }) {
        account { ekm { status activatedBy activationExpiresAt key { arn } acceptance { version } } }
        userErrors { code }
      }
    }`,
    { id: account },
  );
  expect(data.activateEkm).toEqual({
    account: {
      ekm: {
        status: "ACTIVATED",
        activatedBy: "support@example.com",
        activationExpiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
        key: null,
        acceptance: null,
      },
    },
    userErrors: [],
  });
});

it("tells the admin whom to grant access to, under which terms, and what depends on the key", async () => {
  const { data } = await admin(`{ account { ekm {
    vendorAwsAccountId vendorPrincipalArn revocationWindowSeconds terms { version title body sha256 publishedAt }
    impact { backups bytes generations }
  } } }`);
  expect(data.account.ekm).toMatchObject({
    vendorAwsAccountId: "111122223333",
    vendorPrincipalArn: expect.stringContaining("111122223333"),
    revocationWindowSeconds: 6,
    terms: { version: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    impact: { backups: "0", bytes: "0" },
  });
});

it("refuses a key that grants nothing, with a verdict per check", async () => {
  const { data } = await admin(VALIDATE, { arn: key });
  expect(data.validateKmsKey.usable).toBe(false);
  expect(data.validateKmsKey.checks).toHaveLength(13);
  expect(data.validateKmsKey.checks).toContainEqual({ check: "GENERATE_DATA_KEY", verdict: "FAIL", code: "KEY_ACCESS_DENIED" });
});

it("finds the key usable once its owner has pasted the policy that the product gives", async () => {
  const { data } = await admin(`query ($arn: KeyArn!) { account { ekm { grantTemplate(keyArn: $arn) { keyPolicy } } } }`, {
    arn: key,
  });
  const { status } = await stack.owner.kms("PutKeyPolicy", {
    KeyId: key,
    PolicyName: "default",
    Policy: data.account.ekm.grantTemplate.keyPolicy,
  });
  expect(status).toBe(200);
  const answer = await admin(VALIDATE, { arn: key });
  expect(answer.data.validateKmsKey.userErrors).toEqual([]);
  expect(answer.data.validateKmsKey.usable).toBe(true);
  const verdicts = answer.data.validateKmsKey.checks.filter(({ verdict }: { verdict: string }) => verdict !== "PASS");
  expect(verdicts).toEqual([]);
});

it("enables only with the confirmation and the current terms", async () => {
  const { version } = (await admin("{ account { ekm { terms { version } } } }")).data.account.ekm.terms;
  const refused = async (variables: object) =>
    (await admin(ENABLE, { arn: key, terms: version, sure: true, ...variables })).data.enableEkm;
  expect((await refused({ sure: false })).userErrors[0].code).toBe("CONFIRMATION_MISSING");
  expect((await refused({ terms: "1999-01" })).userErrors[0].code).toMatch(/^TERMS_/);
});

it("enables, once: the same request again gets the first answer", async () => {
  const { version } = (await admin("{ account { ekm { terms { version } } } }")).data.account.ekm.terms;
  const request = { arn: key, terms: version, sure: true, key: "enable-1" };
  const { data, errors } = await admin(ENABLE, request);
  expect(errors).toEqual([]);
  expect(data.enableEkm.userErrors).toEqual([]);
  expect(data.enableEkm.account).toMatchObject({
    keyManagement: "ENTERPRISE",
    ekm: {
      status: "ENABLED",
      key: { arn: key, region: "eu-west-1", awsAccountId: stack.customerId },
      acceptance: { version, acceptedBy: "account_admin@example.com" },
    },
  });
});

it("shows the ARN with the status Enabled, and a healthy key when asked to look", async () => {
  const { data } = await admin("{ account { ekm { status key { arn } } } }");
  expect(data.account.ekm).toEqual({ status: "ENABLED", key: { arn: key } });
  const probe = await admin("mutation { checkKeyHealth(input: {}) { health { state problem { code } } userErrors { code } } }");
  expect(probe.data.checkKeyHealth).toEqual({ health: { state: "HEALTHY", problem: null }, userErrors: [] });
});

it("tells the cause and the remedy when the customer disables the key, and recovers when it is enabled again", async () => {
  await stack.owner.kms("DisableKey", { KeyId: key });
  const look =
    "mutation { checkKeyHealth(input: {}) { health { state problem { code remedy retryable keyArn } } userErrors { code } } }";
  const off = (await admin(look)).data.checkKeyHealth.health;
  expect(off).toMatchObject({ state: "UNUSABLE", problem: { code: "KEY_DISABLED", keyArn: key } });
  expect(off.problem.remedy).not.toBe("");

  await stack.owner.kms("EnableKey", { KeyId: key });
  expect((await admin(look)).data.checkKeyHealth.health.state).toBe("HEALTHY");
  const { data } = await admin(
    "{ account { ekm { key { healthHistory(first: 2) { nodes { state } pageInfo { hasNextPage } } } } } }",
  );
  expect(data.account.ekm.key.healthHistory).toEqual({
    nodes: [{ state: "HEALTHY" }, { state: "UNUSABLE" }],
    pageInfo: { hasNextPage: true },
  });
});

it("has no way back", async () => {
  const { data } = await support(
    'mutation ($id: ID!) { withdrawEkmActivation(input: { accountId: $id, reason: "second thoughts" }) { userErrors { code } } }',
    { id: account },
  );
  expect(data.withdrawEkmActivation.userErrors).toEqual([{ code: "EKM_IRREVERSIBLE" }]);
});

it("has written down who did what, in a chain", async () => {
  const { data } = await admin(
    "{ account { auditLog(first: 100) { totalCount nodes { sequence action actor hash previousHash } } } }",
  );
  const { nodes, totalCount } = data.account.auditLog;
  expect(totalCount).toBe(String(nodes.length));
  const actions = nodes.map(({ action }: { action: string }) => action);
  for (const action of [
    "ACCOUNT_CREATED",
    "EKM_ACTIVATED",
    "KEY_VALIDATED",
    "TERMS_ACCEPTED",
    "EKM_ENABLED",
    "KEY_HEALTH_CHANGED",
  ]) {
    expect(actions).toContain(action);
  }
  for (const [n, event] of nodes.slice(0, -1).entries()) expect(event.previousHash).toBe(nodes[n + 1].hash);
});
