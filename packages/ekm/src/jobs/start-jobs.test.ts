import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type Scenario, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import type { Backup, BackupSource } from "./job.js";

const refused = (code: string) => ({ ok: false, error: [expect.objectContaining({ code })] });

let scenario: Scenario;
let account: Account;
let source: BackupSource;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  const registered = await register("/data/crm/../crm");
  if (!registered.ok) throw new Error(JSON.stringify(registered.error));
  source = registered.value;
});

const register = (location: string, name = " CRM ") =>
  scenario.useCases.registerBackupSource(tenantCaller(account), { name, kind: "SALESFORCE_EXPORT", location });
const operator = () => tenantCaller(account, "BACKUP_OPERATOR");
const claim = (kind: "BACKUP" | "RESTORE") => scenario.ports.store.transaction((tx) => tx.jobs.claim("worker", [kind], 1000));
const lastAudit = async () => (await scenario.ports.store.read.audit.page(account.id, { first: 1 }, {})).items[0];

async function succeededBackup(): Promise<Backup> {
  const started = await scenario.useCases.startBackup(operator(), { sourceId: source.id });
  const job = await claim("BACKUP");
  if (!started.ok || !job) throw new Error("no backup");
  const backup: Backup = { ...started.value, status: "SUCCEEDED", generation: 1 };
  await scenario.ports.store.transaction((tx) => tx.backups.saveFenced(backup, job));
  return backup;
}

async function lock(): Promise<void> {
  await scenario.ports.store.transaction(async (tx) => {
    const stored = await tx.accounts.byId(account.id);
    if (stored) await tx.accounts.save({ ...stored, keyLock: { lockedAt: new Date(0), lockedBy: "a", reason: "b" } });
  });
}

describe("registerBackupSource", () => {
  it("stores the real path under the trimmed name", () => {
    expect(source).toMatchObject({ name: "CRM", kind: "SALESFORCE_EXPORT", location: "/data/crm", accountId: account.id });
  });

  it("refuses what is not under an allowed root, and names the field", async () => {
    const outcome = await register("/etc");
    expect(outcome).toMatchObject(refused("INPUT_INVALID"));
    expect(outcome).toMatchObject({ error: [{ field: ["input", "location"] }] });
  });

  it.each(["", "/data/a\u0000b", `/data/${"a".repeat(5000)}`])("refuses the location %#", async (location) => {
    expect(await register(location)).toMatchObject(refused("INPUT_INVALID"));
  });

  it("is not the operator's business", async () => {
    const input = { name: "a", kind: "DIRECTORY", location: "/data/a" } as const;
    expect(await scenario.useCases.registerBackupSource(operator(), input)).toEqual({
      ok: false,
      error: { denied: "FORBIDDEN" },
    });
  });
});

describe("startBackup", () => {
  it("writes the backup, its job and its audit entry together", async () => {
    const started = await scenario.useCases.startBackup(operator(), { sourceId: source.id, maxBytesPerSecond: 5n });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    expect(started.value).toMatchObject({ status: "QUEUED", createdUnder: "CLOUD", maxBytesPerSecond: 5n });
    expect(await scenario.ports.store.read.backups.byId(started.value.id)).toEqual(started.value);
    expect(await claim("BACKUP")).toMatchObject({ subjectId: started.value.id, accountId: account.id });
    expect(await lastAudit()).toMatchObject({ action: "BACKUP", subject: started.value.id, actor: operator().subject });
  });

  it("notes under which key management it was made", async () => {
    await scenario.enable(account, scenario.keyFor(account).arn);
    const started = await scenario.useCases.startBackup(operator(), { sourceId: source.id });
    expect(started).toMatchObject({ value: { createdUnder: "ENTERPRISE" } });
  });

  it("does not ask the key: a key that fails is a backup that fails", async () => {
    const key = scenario.keyFor(account);
    await scenario.enable(account, key.arn);
    key.state = "Disabled";
    scenario.ports.kms.calls.length = 0;
    expect(await scenario.useCases.startBackup(operator(), { sourceId: source.id })).toMatchObject({ ok: true });
    expect(scenario.ports.kms.calls).toEqual([]);
  });

  it("refuses an unknown source, locked keys and a speed of nothing", async () => {
    const { startBackup } = scenario.useCases;
    expect(await startBackup(operator(), { sourceId: "src_x" })).toMatchObject(refused("SOURCE_NOT_FOUND"));
    expect(await startBackup(operator(), { sourceId: source.id, maxBytesPerSecond: 0n })).toMatchObject(refused("INPUT_INVALID"));
    await lock();
    expect(await startBackup(operator(), { sourceId: source.id })).toMatchObject(refused("KEYS_LOCKED"));
    expect(await scenario.ports.store.read.backups.count(account.id, {})).toBe(0n);
    expect(await claim("BACKUP")).toBeNull();
  });
});

describe("startRestore", () => {
  it("restores into a directory of its own unless a target is named", async () => {
    const backup = await succeededBackup();
    const first = await scenario.useCases.startRestore(operator(), { backupId: backup.id });
    if (!first.ok) throw new Error(JSON.stringify(first.error));
    expect(first.value).toMatchObject({
      target: `/restores/${account.id}/${first.value.id}`,
      overwrite: false,
      status: "QUEUED",
    });
    expect(await scenario.ports.store.read.restores.byId(first.value.id)).toEqual(first.value);
    expect(await claim("RESTORE")).toMatchObject({ subjectId: first.value.id });
    expect(await lastAudit()).toMatchObject({ action: "RESTORE", subject: first.value.id });

    const named = { backupId: backup.id, target: "/restores/here", overwrite: true };
    expect(await scenario.useCases.startRestore(operator(), named)).toMatchObject({
      value: { target: "/restores/here", overwrite: true },
    });
  });

  it("restores only what has succeeded", async () => {
    const started = await scenario.useCases.startBackup(operator(), { sourceId: source.id });
    const backupId = started.ok ? started.value.id : "";
    expect(await scenario.useCases.startRestore(operator(), { backupId })).toMatchObject(refused("BACKUP_NOT_RESTORABLE"));
  });

  it("refuses an unknown backup, a target elsewhere and locked keys", async () => {
    const { startRestore } = scenario.useCases;
    const { id: backupId } = await succeededBackup();
    expect(await startRestore(operator(), { backupId: "bkp_x" })).toMatchObject(refused("BACKUP_NOT_FOUND"));
    const elsewhere = await startRestore(operator(), { backupId, target: "/etc" });
    expect(elsewhere).toMatchObject(refused("RESTORE_TARGET_INVALID"));
    expect(elsewhere).toMatchObject({ error: [{ field: ["input", "target"] }] });
    await lock();
    expect(await startRestore(operator(), { backupId })).toMatchObject(refused("KEYS_LOCKED"));
    expect(await claim("RESTORE")).toBeNull();
  });

  it("is for admins and operators", async () => {
    const { id: backupId } = await succeededBackup();
    const viewer = tenantCaller(account, "ACCOUNT_VIEWER");
    expect(await scenario.useCases.startRestore(viewer, { backupId })).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
  });
});
