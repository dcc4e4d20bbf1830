// Invariant: a caller learns nothing of another tenant. Whatever is asked, another account's id, source, backup or restore
// answers exactly as an id that was never given out.
import { beforeEach, describe, expect, it } from "vitest";
import type {
  Account,
  AuditEvent,
  Backup,
  BackupSource,
  Caller,
  Role,
  Verification,
  Webhook,
  WebhookDelivery,
} from "../src/index.js";
import { createScenario, type Scenario, SUPPORT_CALLER, tenantCaller } from "../testing/index.js";

let scenario: Scenario;
let own: Account;
let foreign: Account;
let foreignSource: BackupSource;
let foreignBackup: Backup;
let foreignVerification: Verification;
let foreignEvent: AuditEvent;
let foreignWebhook: Webhook;
let foreignDelivery: WebhookDelivery;
beforeEach(async () => {
  scenario = createScenario();
  own = await scenario.createActivated("Own");
  foreign = await scenario.createActivated("Foreign");
  const owner = tenantCaller(foreign);
  foreignSource = await must(
    scenario.useCases.registerBackupSource(owner, { name: "crm", kind: "DIRECTORY", location: "/data/crm" }),
  );
  foreignBackup = await must(scenario.useCases.startBackup(owner, { sourceId: foreignSource.id }));
  const { store, ids } = scenario.ports;
  const succeeded: Backup = { ...foreignBackup, id: ids.next("bkp"), status: "SUCCEEDED" };
  await store.transaction((tx) => tx.backups.insert(succeeded));
  foreignWebhook = (await must(scenario.useCases.createWebhook(owner, { url: "https://hooks.example/" }))).webhook;
  foreignDelivery = await must(scenario.useCases.sendTestWebhook(owner, { webhookId: foreignWebhook.id }));
  foreignVerification = await must(scenario.useCases.startVerification(owner, { backupId: succeeded.id }));
  const [event] = await store.read.audit.chain(foreign.id, 0, 1);
  if (!event) throw new Error("no audit event");
  foreignEvent = event;
});

async function must<T>(outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value;
}

const UNKNOWN = "00000000000000000000000099";
const page = { first: 10 };

/** Each asks about the foreign thing, or about one that does not exist. */
const questions: Record<string, (caller: Caller, known: boolean) => Promise<unknown>> = {
  enableEkm: (caller, known) =>
    scenario.useCases.enableEkm(caller, {
      accountId: account(known),
      keyArn: "x",
      acceptedTermsVersion: "",
      confirmIrreversible: false,
    }),
  validateKmsKey: (caller, known) => scenario.useCases.validateKmsKey(caller, { accountId: account(known), keyArn: "x" }),
  checkKeyHealth: (caller, known) => scenario.useCases.checkKeyHealth(caller, { accountId: account(known) }),
  registerBackupSource: (caller, known) =>
    scenario.useCases.registerBackupSource(caller, {
      accountId: account(known),
      name: "a",
      kind: "DIRECTORY",
      location: "/data/a",
    }),
  "startBackup, account": (caller, known) =>
    scenario.useCases.startBackup(caller, { accountId: account(known), sourceId: foreignSource.id }),
  "startBackup, source": (caller, known) =>
    scenario.useCases.startBackup(caller, { sourceId: known ? foreignSource.id : `src_${UNKNOWN}` }),
  startRestore: (caller, known) =>
    scenario.useCases.startRestore(caller, { backupId: known ? foreignBackup.id : `bkp_${UNKNOWN}` }),
  startVerification: (caller, known) =>
    scenario.useCases.startVerification(caller, { backupId: known ? foreignBackup.id : `bkp_${UNKNOWN}` }),
  cancelJob: (caller, known) => scenario.useCases.cancelJob(caller, { jobId: known ? foreignBackup.id : `bkp_${UNKNOWN}` }),
  lockAccountKeys: (caller, known) =>
    scenario.useCases.lockAccountKeys(caller, {
      accountId: account(known),
      reason: "r",
      idempotencyKey: `${caller.roles}${known}`,
    }),
  unlockAccountKeys: (caller, known) => scenario.useCases.unlockAccountKeys(caller, { accountId: account(known), reason: "r" }),
  createWebhook: (caller, known) =>
    scenario.useCases.createWebhook(caller, { accountId: account(known), url: "https://hooks.example/" }),
  updateWebhook: (caller, known) => scenario.useCases.updateWebhook(caller, { webhookId: webhook(known), enabled: false }),
  rotateWebhookSecret: (caller, known) => scenario.useCases.rotateWebhookSecret(caller, { webhookId: webhook(known) }),
  sendTestWebhook: (caller, known) => scenario.useCases.sendTestWebhook(caller, { webhookId: webhook(known) }),
  deleteWebhook: (caller, known) => scenario.useCases.deleteWebhook(caller, { webhookId: webhook(known) }),
  redeliverWebhook: (caller, known) => scenario.useCases.redeliverWebhook(caller, { deliveryId: delivery(known) }),
  webhook: (caller, known) => scenario.useCases.queries.webhook(caller, webhook(known)),
  webhooks: (caller, known) => scenario.useCases.queries.webhooks(caller, account(known), page),
  "node, webhook": (caller, known) => scenario.useCases.queries.node(caller, webhook(known)),
  "node, delivery": (caller, known) => scenario.useCases.queries.node(caller, delivery(known)),
  account: (caller, known) => scenario.useCases.queries.account(caller, account(known)),
  "node, account": (caller, known) => scenario.useCases.queries.node(caller, account(known)),
  "node, source": (caller, known) => scenario.useCases.queries.node(caller, known ? foreignSource.id : `src_${UNKNOWN}`),
  "node, backup": (caller, known) => scenario.useCases.queries.node(caller, known ? foreignBackup.id : `bkp_${UNKNOWN}`),
  "node, verification": (caller, known) =>
    scenario.useCases.queries.node(caller, known ? foreignVerification.id : `vrf_${UNKNOWN}`),
  "node, audit event": (caller, known) => scenario.useCases.queries.node(caller, known ? foreignEvent.id : `aud_${UNKNOWN}`),
  sources: (caller, known) => scenario.useCases.queries.sources(caller, account(known), page),
  backups: (caller, known) => scenario.useCases.queries.backups(caller, account(known), page, {}),
  restores: (caller, known) => scenario.useCases.queries.restores(caller, account(known), page, {}),
  auditLog: (caller, known) => scenario.useCases.queries.auditLog(caller, account(known), page, {}),
  keyHealth: (caller, known) => scenario.useCases.queries.keyHealth(caller, account(known)),
  healthHistory: (caller, known) => scenario.useCases.queries.healthHistory(caller, account(known), page),
  keyImpact: (caller, known) => scenario.useCases.queries.keyImpact(caller, account(known)),
};
const webhook = (known: boolean) => (known ? foreignWebhook.id : `whk_${UNKNOWN}`);
const delivery = (known: boolean) => (known ? foreignDelivery.id : `whd_${UNKNOWN}`);
const account = (known: boolean) => (known ? foreign.id : `acc_${UNKNOWN}`);

const TENANT_ROLES: readonly Role[] = ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR"];

describe.each(Object.keys(questions))("%s", (name) => {
  it.each(TENANT_ROLES)("tells a foreign %s nothing", async (role) => {
    const caller = tenantCaller(own, role);
    const about = await questions[name]?.(caller, true);
    const nothing = await questions[name]?.(caller, false);
    expect(about).toEqual(nothing);
    expect(JSON.stringify(about)).not.toContain(foreign.id);
    expect((about as { value?: unknown }).value ?? null).toBeNull();
  });
});

it("shows none of a foreign webhook's deliveries", async () => {
  for (const role of TENANT_ROLES) {
    const shown = await scenario.useCases.queries.webhookDeliveries(tenantCaller(own, role), foreignWebhook.id, page, {});
    expect(shown).toMatchObject({ ok: true, value: { items: [], hasNextPage: false } });
    if (shown.ok) expect(await shown.value.totalCount()).toBe(0n);
  }
});

it("leaves no trace in the foreign account's audit log", async () => {
  const before = await scenario.ports.store.read.audit.count(foreign.id, {});
  for (const role of TENANT_ROLES) {
    for (const ask of Object.values(questions)) await ask(tenantCaller(own, role), true);
  }
  expect(await scenario.ports.store.read.audit.count(foreign.id, {})).toBe(before);
});

describe("support", () => {
  const forbidden = { ok: false, error: { denied: "FORBIDDEN" } };

  it.each([
    "enableEkm",
    "validateKmsKey",
    "checkKeyHealth",
    "registerBackupSource",
    "startBackup, account",
    "startRestore",
    "startVerification",
    "cancelJob",
    "lockAccountKeys",
    "unlockAccountKeys",
    "createWebhook",
    "updateWebhook",
    "rotateWebhookSecret",
    "sendTestWebhook",
    "deleteWebhook",
    "redeliverWebhook",
  ])("may never %s, of whatever account", async (name) => {
    expect(await questions[name]?.(SUPPORT_CALLER, true)).toMatchObject(forbidden);
    expect(await questions[name]?.(SUPPORT_CALLER, false)).toMatchObject(forbidden);
  });

  it("sees any account, and each look is noted", async () => {
    const { queries } = scenario.useCases;
    for (let n = 0; n < 3; n += 1) expect(await queries.account(SUPPORT_CALLER, foreign.id)).toMatchObject({ value: foreign });
    const looks = () => scenario.ports.store.read.audit.count(foreign.id, { action: "ACCOUNT_READ_BY_SUPPORT" });
    expect(await looks()).toBe(3n);
  });
});
