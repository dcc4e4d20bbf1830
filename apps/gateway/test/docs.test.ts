// Invariant: the documentation is true: every query in docs/api.md runs against the real gateway, in its order, and does what the text
// around it says; docs/failure-modes.md is what the code says.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { verifyJws } from "@ekm/ekm";
import { buildSchema, parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureModes } from "../src/docs/failure-modes.js";
import { readExperiments } from "../src/docs/read-experiments.js";
import { printApi } from "../src/graphql/print-schema.js";
import { examplesIn } from "./support/examples.js";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const documentOf = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

describe("docs/failure-modes.md", () => {
  it("is committed as generated: run `npm run docs`", async () => {
    const contract = await readFile(new URL("../contract/schema.graphql", import.meta.url), "utf8");
    expect(await documentOf("failure-modes.md")).toBe(failureModes(contract, readExperiments()));
  });
});

const EXAMPLES = examplesIn(await documentOf("api.md"));

/** What a test has to bring about around one example. */
interface Surroundings {
  readonly before?: () => Promise<void>;
  readonly variables?: () => object;
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that their own query gives them
  readonly check: (data: any) => void | Promise<void>;
}

let stack: Stack;
let tenants: ReturnType<typeof tenantsOf>;
/** What one answer gives to the next question. */
const known: Record<
  | "account"
  | "key"
  | "next"
  | "last"
  | "spare"
  | "terms"
  | "source"
  | "backup"
  | "restore"
  | "verification"
  | "rotation"
  | "webhook"
  | "delivery",
  string
> = {
  account: "",
  key: "",
  next: "",
  last: "",
  spare: "",
  terms: "",
  source: "",
  backup: "",
  restore: "",
  verification: "",
  rotation: "",
  webhook: "",
  delivery: "",
};
beforeAll(async () => {
  stack = await startStack({ EKM_KEY_LEASE_SECONDS: "1", EKM_PROBES_PER_MINUTE: "1000" });
  tenants = tenantsOf(stack);
  await mkdir(path.join(stack.data, "crm"), { recursive: true });
  await writeFile(path.join(stack.data, "crm", "accounts.csv"), "id,name\n1,Acme\n");
});
afterAll(async () => {
  await stack.close();
});

const admin = async (query: string, variables?: object) =>
  (await stack.as("ACCOUNT_ADMIN", known.account, query, variables)).data;
const rotationStatus = async (): Promise<string> =>
  (await admin("query ($id: ID!) { node(id: $id) { ... on KeyRotation { status } } }", { id: known.rotation })).node.status;
/** A worker at work, until the rotation has this status. */
const work = (status: string) =>
  expect
    .poll(
      async () => {
        await stack.dataPlane.runAll();
        return rotationStatus();
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBe(status);
const beginRotation = async (keyArn: string): Promise<void> => {
  const data = await admin("mutation ($keyArn: String!) { rotateEkmKey(input: { keyArn: $keyArn }) { rotation { id } } }", {
    keyArn,
  });
  known.rotation = data.rotateEkmKey.rotation.id;
};

const SURROUNDINGS: Readonly<Record<string, Surroundings>> = {
  ErrorCatalog: { check: (data) => expect(data.errorCatalog.length).toBeGreaterThan(50) },
  CreateAccount: {
    check({ createAccount: { account } }) {
      expect(account).toMatchObject({ name: "Acme", keyManagement: "CLOUD" });
      known.account = account.id;
    },
  },
  Activate: {
    variables: () => ({ accountId: known.account }),
    check: ({ activateEkm }) => expect(activateEkm.account.ekm.status).toBe("ACTIVATED"),
  },
  WhomToGrant: {
    check: ({ account }) => expect(account.ekm.vendorAwsAccountId).toBe(stack.variables.EKM_VENDOR_AWS_ACCOUNT_ID),
  },
  GrantForKey: {
    async before() {
      known.key = await stack.createKey();
    },
    variables: () => ({ keyArn: known.key }),
    async check({ account }) {
      const Policy = account.ekm.grantTemplate.keyPolicy;
      expect((await stack.owner.kms("PutKeyPolicy", { KeyId: known.key, PolicyName: "default", Policy })).status).toBe(200);
    },
  },
  Validate: {
    variables: () => ({ keyArn: known.key }),
    check: ({ validateKmsKey }) => expect(validateKmsKey.usable).toBe(true),
  },
  Terms: {
    check({ account }) {
      known.terms = account.ekm.terms.version;
    },
  },
  Enable: {
    variables: () => ({ keyArn: known.key, termsVersion: known.terms }),
    check: ({ enableEkm }) =>
      expect(enableEkm.account).toEqual({ keyManagement: "ENTERPRISE", ekm: { status: "ENABLED", key: { arn: known.key } } }),
  },
  Settings: {
    check: ({ account }) =>
      expect(account.ekm).toMatchObject({ status: "ENABLED", key: { arn: known.key }, revocationWindowSeconds: 2 }),
  },
  RegisterSource: {
    variables: () => ({ location: path.join(stack.data, "crm") }),
    check({ registerBackupSource }) {
      known.source = registerBackupSource.source.id;
    },
  },
  StartBackup: {
    variables: () => ({ sourceId: known.source }),
    check({ startBackup: { backup } }) {
      expect(backup.status).toBe("QUEUED");
      known.backup = backup.id;
    },
  },
  FollowBackup: {
    before: () => stack.dataPlane.runAll(),
    variables: () => ({ backupId: known.backup }),
    check: ({ node }) =>
      expect(node).toMatchObject({
        status: "SUCCEEDED",
        protectedBy: "ENTERPRISE",
        keyArn: known.key,
        restorable: true,
        problem: null,
      }),
  },
  StartRestore: {
    variables: () => ({ backupId: known.backup }),
    check({ startRestore: { restore } }) {
      expect(restore).toMatchObject({ status: "QUEUED", target: path.join(stack.data, "restores", restore.id) });
      known.restore = restore.id;
    },
  },
  FollowRestore: {
    before: () => stack.dataPlane.runAll(),
    variables: () => ({ restoreId: known.restore }),
    async check({ node }) {
      expect(node).toMatchObject({ status: "SUCCEEDED", contentDigest: node.backup.contentDigest });
      expect(await readFile(path.join(node.target, "accounts.csv"), "utf8")).toBe("id,name\n1,Acme\n");
    },
  },
  StartVerification: {
    variables: () => ({ backupId: known.backup }),
    check({ startVerification: { verification } }) {
      expect(verification.status).toBe("QUEUED");
      known.verification = verification.id;
    },
  },
  FollowVerification: {
    before: () => stack.dataPlane.runAll(),
    variables: () => ({ verificationId: known.verification }),
    check: ({ node }) => expect(node).toMatchObject({ status: "SUCCEEDED", problem: null }),
  },
  Cancel: {
    async before() {
      known.spare = await tenants.backup(known.account, known.source);
    },
    variables: () => ({ jobId: known.spare }),
    check: ({ cancelJob }) => expect(cancelJob.job).toEqual({ id: known.spare, status: "CANCELLED" }),
  },
  Rotate: {
    async before() {
      known.next = await tenants.grantedKey(known.account);
    },
    variables: () => ({ keyArn: known.next }),
    check({ rotateEkmKey: { rotation } }) {
      expect(rotation).toMatchObject({ status: "RUNNING", fromArn: known.key, toArn: known.next });
      known.rotation = rotation.id;
    },
  },
  RotationProgress: {
    check: ({ account }) =>
      expect(account.ekm).toMatchObject({
        status: "ROTATING",
        activeRotation: { id: known.rotation, cancellable: true, problem: null, failures: [] },
      }),
  },
  PauseRotation: {
    variables: () => ({ rotationId: known.rotation }),
    check: ({ pauseEkmKeyRotation }) => expect(pauseEkmKeyRotation.rotation.status).toBe("PAUSED"),
  },
  ResumeRotation: {
    variables: () => ({ rotationId: known.rotation }),
    check: ({ resumeEkmKeyRotation }) => expect(resumeEkmKeyRotation.rotation.status).toBe("RUNNING"),
  },
  Retirement: {
    before: () => work("COMPLETED"),
    variables: () => ({ rotationId: known.rotation }),
    check({ node: { status, retirement } }) {
      expect(status).toBe("COMPLETED");
      expect(verifyJws(retirement.jws, stack.dataPlane.signingKey)).toMatchObject({
        accountId: known.account,
        fromArn: known.key,
        toArn: known.next,
        backupsCovered: retirement.backupsCovered,
      });
      expect(new Date(retirement.safeToRetireAfter).getTime()).toBeGreaterThan(Date.now());
    },
  },
  CancelRotation: {
    async before() {
      known.last = await tenants.grantedKey(known.account);
      await beginRotation(known.last);
    },
    variables: () => ({ rotationId: known.rotation }),
    async check({ cancelEkmKeyRotation }) {
      expect(cancelEkmKeyRotation.rotation.status).toBe("CANCELLED");
      expect((await admin("{ account { ekm { status key { arn } } } }")).account.ekm).toEqual({
        status: "ENABLED",
        key: { arn: known.next },
      });
    },
  },
  RotationHistory: {
    check: ({ account }) =>
      expect(account.ekm.rotations.nodes.map(({ status }: { status: string }) => status)).toEqual(["CANCELLED", "COMPLETED"]),
  },
  Probe: {
    async before() {
      await stack.owner.kms("DisableKey", { KeyId: known.next });
    },
    check: ({ checkKeyHealth: { health } }) =>
      expect(health).toMatchObject({ state: "UNUSABLE", problem: { code: "KEY_DISABLED", keyArn: known.next } }),
  },
  FailedBackups: {
    async before() {
      await tenants.backup(known.account, known.source);
      // Inside a live lease a backup may rightly still succeed: until it has run out.
      await expect
        .poll(
          async () => {
            await stack.dataPlane.runAll();
            const { account } = await admin("{ account { backups(first: 1) { nodes { status } } } }");
            if (account.backups.nodes[0].status !== "FAILED") await tenants.backup(known.account, known.source);
            return account.backups.nodes[0].status;
          },
          { timeout: 10_000, interval: 200 },
        )
        .toBe("FAILED");
    },
    check: ({ account }) => expect(account.backups.nodes[0].problem).toMatchObject({ code: "KEY_DISABLED", retryable: true }),
  },
  HealthHistory: {
    check: ({ account }) =>
      expect(account.ekm.key.healthHistory.nodes[0]).toMatchObject({ state: "UNUSABLE", problem: { code: "KEY_DISABLED" } }),
  },
  Diagnosis: {
    check({ account: { diagnosis } }) {
      expect(diagnosis).toMatchObject({ state: "KEY_UNUSABLE", summary: expect.stringContaining("KEY_DISABLED") });
      expect(diagnosis.whatTheCustomerMustDo[0].awsCli).toContain(`aws kms enable-key --key-id ${known.next}`);
    },
  },
  RotateAcceptingLoss: {
    async before() {
      await stack.aws.simulator.keys.setState(known.next, { state: "Deleted" });
    },
    variables: () => ({ keyArn: known.last, accountName: "Acme" }),
    async check({ rotateEkmKey: { rotation } }) {
      known.rotation = rotation.id;
      await work("COMPLETED");
      const data = await admin(
        "query ($id: ID!) { account { ekm { status key { arn } } } node(id: $id) { ... on Backup { restorable keyArn } } }",
        {
          id: known.backup,
        },
      );
      expect(data).toEqual({
        account: { ekm: { status: "ENABLED", key: { arn: known.last } } },
        node: { restorable: false, keyArn: known.next },
      });
    },
  },
  Lock: {
    check: ({ lockAccountKeys }) =>
      expect(lockAccountKeys.account).toMatchObject({
        keyLock: { reason: "Laptop stolen" },
        ekm: { key: { health: { state: "LOCKED" } } },
      }),
  },
  Unlock: { check: ({ unlockAccountKeys }) => expect(unlockAccountKeys.account).toEqual({ keyLock: null }) },
  StartBackupAgain: {
    variables: () => ({ sourceId: known.source }),
    check: ({ startBackup }) => expect(startBackup.backup).toEqual({ id: known.backup, status: "SUCCEEDED" }),
  },
  Page: {
    async check({ account: { backups } }) {
      expect(backups.nodes).toHaveLength(2);
      expect(Number(backups.totalCount)).toBeGreaterThan(2);
      const { data } = await stack.as(
        "ACCOUNT_VIEWER",
        known.account,
        EXAMPLES.find(({ name }) => name === "Page")?.query ?? "",
        {
          after: backups.pageInfo.endCursor,
        },
      );
      expect(data.account.backups.nodes.length).toBeGreaterThan(0);
      expect(backups.nodes).not.toContainEqual(data.account.backups.nodes[0]);
    },
  },
  AuditLog: { check: ({ account }) => expect(account.auditLog.nodes).toHaveLength(20) },
  AccountsInTrouble: { check: ({ accounts }) => expect(accounts.nodes).toEqual([]) },
  CreateWebhook: {
    variables: () => ({ url: "https://hooks.example.com/ekm" }),
    check({ createWebhook: { webhook, secret } }) {
      expect(webhook).toMatchObject({
        enabled: true,
        state: "ACTIVE",
        kinds: ["KEY_HEALTH_CHANGED", "KEY_PENDING_DELETION", "BACKUP_FAILED"],
      });
      expect(secret).toMatch(/^whsec_/);
      known.webhook = webhook.id;
    },
  },
  TestWebhook: {
    variables: () => ({ webhookId: known.webhook }),
    check({ sendTestWebhook: { delivery } }) {
      expect(delivery.state).toBe("PENDING");
      known.delivery = delivery.id;
    },
  },
  Webhooks: {
    check({ account }) {
      const [{ deliveries, ...webhook }] = account.webhooks.nodes;
      expect(webhook).toMatchObject({ id: known.webhook, formerSecretValidUntil: null });
      expect(deliveries.nodes).toMatchObject([{ id: known.delivery, type: "ekm.webhook.test", attempts: [] }]);
    },
  },
  Redeliver: {
    variables: () => ({ deliveryId: known.delivery }),
    check: ({ redeliverWebhook }) => expect(redeliverWebhook.delivery).toMatchObject({ id: known.delivery, state: "PENDING" }),
  },
  RotateWebhookSecret: {
    variables: () => ({ webhookId: known.webhook }),
    check({ rotateWebhookSecret: { secret, webhook } }) {
      expect(secret).toMatch(/^whsec_/);
      expect(new Date(webhook.formerSecretValidUntil).getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    },
  },
  DisableWebhook: {
    variables: () => ({ webhookId: known.webhook }),
    check: ({ updateWebhook }) => expect(updateWebhook.webhook).toEqual({ state: "DISABLED", disabledReason: "BY_ADMIN" }),
  },
  DeleteWebhook: {
    variables: () => ({ webhookId: known.webhook }),
    async check({ deleteWebhook }) {
      expect(deleteWebhook.deletedWebhookId).toBe(known.webhook);
      expect((await admin("{ account { webhooks { nodes { id } } } }")).account.webhooks.nodes).toEqual([]);
    },
  },
};

describe("docs/api.md", { timeout: 60_000 }, () => {
  it("has examples, each with a name of its own", () => {
    expect(EXAMPLES.map(({ name }) => name)).toEqual(Object.keys(SURROUNDINGS));
  });

  it("shows no GraphQL that is not an example", async () => {
    const blocks = (await documentOf("api.md")).match(/^```graphql/gm) ?? [];
    expect(blocks).toHaveLength(EXAMPLES.length);
  });

  it.each(EXAMPLES.map((example) => [example.name, example] as const))("%s is valid", (_name, { query }) => {
    expect(validate(buildSchema(printApi()), parse(query))).toEqual([]);
  });

  it.each(EXAMPLES.map((example) => [example.name, example] as const))("%s does what it says", async (name, { role, query }) => {
    const { before, variables, check } = SURROUNDINGS[name] ?? {};
    await before?.();
    const account = role === "SUPPORT" ? undefined : known.account || "acc_none";
    const { data, errors } = await stack.as(role, account, query, variables?.());
    expect(errors).toEqual([]);
    for (const { userErrors = [] } of Object.values(data) as { userErrors?: unknown[] }[]) expect(userErrors).toEqual([]);
    await check?.(data);
  });
});
