// Invariant: what the migrations make is what the row schemas say, and every query that the repositories make has its index.
import path from "node:path";
import type { Repositories } from "@ekm/ekm";
import type { DataSource, Logger } from "typeorm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openWriteSource } from "../src/data-source.js";
import { createImmediate } from "../src/immediate.js";
import { migrate } from "../src/migrate.js";
import { createRepositories } from "../src/repositories/index.js";
import { ARN, account, entry, healthy, wrap } from "./fixtures.js";
import { ids, realClock, temporaryDirectory } from "./support.js";

let source: DataSource;
let remove: () => Promise<void>;
beforeEach(async () => {
  const temporary = await temporaryDirectory();
  remove = temporary.remove;
  source = await openWriteSource(path.join(temporary.directory, "ekm.sqlite"), 1000, realClock);
  await migrate(source, createImmediate(1000, realClock));
});
afterEach(async () => {
  await source.destroy();
  await remove();
});

interface ColumnInfo {
  name: string;
  type: string;
  notnull: 0 | 1;
  pk: number;
}

it("has the same columns in rows and migrations", async () => {
  expect(source.entityMetadatas).toHaveLength(24);
  for (const rows of source.entityMetadatas) {
    const made = await source.query<ColumnInfo[]>(`PRAGMA table_info(${rows.tableName})`);
    const inDatabase = made.map(({ name, type, notnull, pk }) => ({
      name,
      type: type.toLowerCase(),
      nullable: notnull === 0 && pk === 0,
      primary: pk > 0,
    }));
    const inCode = rows.columns.map((column) => ({
      name: column.databaseName,
      type: column.length ? `${column.type}(${column.length})` : String(column.type),
      nullable: column.isNullable,
      primary: column.isPrimary,
    }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(inCode.sort(byName), rows.tableName).toEqual(inDatabase.sort(byName));
  }
});

it("goes back to nothing", async () => {
  for (const _ of source.migrations) await source.undoLastMigration({ transaction: "none" });
  const left = await source.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  expect(left).toEqual([{ name: "migrations" }]);
});

async function callEverything({
  accounts,
  keys,
  health,
  sources,
  backups,
  restores,
  verifications,
  rotations,
  audit,
  checkpoints,
  events,
  jobs,
  idempotency,
  intents,
  webhooks,
  webhookDeliveries,
  deletionReminders,
}: Repositories): Promise<void> {
  const [made, request, next] = [account(), { first: 10 }, { first: 10, after: "x" }];
  const job = { id: "job_1", kind: "BACKUP", accountId: made.id, subjectId: "bkp_1", fence: 1, attempts: 1 } as const;
  const backupSource = {
    id: "src_1",
    accountId: made.id,
    name: "n",
    kind: "DIRECTORY",
    location: "/",
    createdAt: new Date(),
  } as const;
  const record = {
    accountId: made.id,
    status: "SUCCEEDED",
    progress: { bytesDone: 0n, itemsDone: 0n },
    createdAt: new Date(),
    requestedBy: "operator",
  } as const;
  const backup = { ...record, id: "bkp_1", sourceId: "src_1", createdUnder: "CLOUD" } as const;
  const restore = { ...record, id: "rst_1", backupId: "bkp_1", target: "/", overwrite: false, bytesReleased: 0n };
  const verification = { ...record, id: "vrf_1", backupId: "bkp_1", samplePercent: 100 };
  const problem = { code: "KEY_DISABLED", message: "", possibleCauses: [] } as const;
  const rotation = {
    id: "rot_1",
    accountId: made.id,
    fromArn: ARN,
    toArn: `${ARN}-2`,
    toMultiRegion: false,
    toWarnings: [],
    status: "RUNNING",
    rewrapped: 0,
    total: 1,
    startedAt: new Date(),
    startedBy: "admin",
    acceptsLoss: false,
  } as const;
  const claim = { scope: "scope", operation: "operation", key: "key", bodyHash: "", claimedAt: new Date() };

  await accounts.insert(made);
  await accounts.save(made);
  await accounts.byId(made.id);
  for (const filter of [{}, { keyManagement: "CLOUD" }, { ekmStatus: "ENABLED" }, { health: "HEALTHY" }] as const) {
    await accounts.page(next, filter);
    await accounts.page(request, filter);
    await accounts.count(filter);
  }
  await accounts.page(next, { search: "a" });
  await accounts.usingKey(ARN, made.id);
  await accounts.keyEpochs([made.id, "acc_other"]);
  await accounts.dueForProbe(new Date(), 10);
  await accounts.checkedAfter(new Date(), 10);

  await keys.insertGeneration({ accountId: made.id, generation: 1, checkValue: "", createdAt: new Date(), reservedWraps: 0 });
  await keys.generations(made.id);
  await keys.generation(made.id, 1);
  await keys.reserveWraps(made.id, 1, 1);
  await keys.closeGeneration(made.id, 1, new Date());
  await keys.insertWrap(wrap(made.id, 1, 184));
  await keys.wraps(made.id);
  await keys.currentWrap(made.id, 1);
  await keys.promoteWraps(made.id, ARN);
  await keys.deleteWrap(made.id, 1, ARN);
  await keys.deleteWraps(made.id, ARN);
  await keys.deleteWraps(made.id, ARN, "SUPERSEDED");
  await keys.putCanary({ accountId: made.id, keyArn: ARN, ciphertext: Buffer.from("c"), checkValue: "" });
  await keys.canary(made.id, ARN);
  await keys.deleteCanary(made.id, ARN);

  for (const progress of [false, true, true]) {
    await events.append({ accountId: made.id, kind: "BACKUP_CHANGED", subject: "bkp_1", at: new Date(0) }, progress);
  }
  await events.heads([made.id, "acc_other"]);
  await events.since(made.id, 0, 10);
  await events.deleteBefore(new Date(), 10);

  await health.put(healthy(made.id));
  await health.history(made.id, next);
  await sources.insert(backupSource);
  await sources.byId("src_1");
  await sources.page(made.id, next);
  await sources.count(made.id);

  await jobs.enqueue({ ...job, at: new Date() });
  await jobs.hasClaimable(["BACKUP", "RESTORE"]);
  await jobs.claim("me", ["BACKUP", "RESTORE"], 1000);
  await jobs.renew(job, 1000);
  await backups.insert(backup);
  await backups.byId("bkp_1");
  await backups.saveFenced(backup, job);
  for (const filter of [{}, { status: "QUEUED" }, { sourceId: "src_1" }] as const) {
    await backups.page(made.id, next, filter);
    await backups.count(made.id, filter);
  }
  await backups.countByGeneration(made.id);
  await backups.impact(made.id);
  await restores.insert(restore);
  await restores.byId("rst_1");
  await restores.saveFenced(restore, job);
  for (const filter of [{}, { status: "QUEUED" }] as const) {
    await restores.page(made.id, next, filter);
    await restores.count(made.id, filter);
  }
  await verifications.insert(verification);
  await verifications.byId("vrf_1");
  await verifications.saveFenced(verification, job);
  for (const rows of [backups, restores, verifications]) {
    await rows.requestCancel("x", new Date());
    await rows.cancelQueued("x", new Date());
  }

  await rotations.insert(rotation);
  await rotations.byId("rot_1");
  await rotations.save(rotation, "RUNNING");
  await rotations.saveFenced(rotation, "RUNNING", job);
  await rotations.page(made.id, next);
  await rotations.count(made.id);
  await rotations.putFailure({ rotationId: "rot_1", generation: 1, backups: 1n, problem });
  await rotations.failures("rot_1");
  await rotations.deleteFailures("rot_1");

  await jobs.release(job, 0);
  await jobs.complete(job);
  await jobs.removeFree("BACKUP", "bkp_1");

  await idempotency.claim(claim, new Date(0));
  await idempotency.find("scope", "operation", "key");
  await idempotency.complete(claim, { ok: true, entityId: "bkp_1" });
  await idempotency.release(claim);
  await idempotency.deleteBefore(new Date(), 10);
  await intents.insert({ id: "int_1", accountId: made.id, purpose: "ENABLE", at: new Date(), awsRequestIds: [] });
  await intents.finish("int_1", new Date(), "DONE", []);
  await intents.unfinished(new Date(), 10);

  const webhook = {
    id: "whk_1",
    accountId: made.id,
    url: "https://a.example/",
    createdAt: new Date(),
    createdBy: "a",
    secrets: [],
  };
  await webhooks.insert(webhook);
  await webhooks.save(webhook);
  await webhooks.byId("whk_1");
  await webhooks.ofAccount(made.id);
  await webhooks.page(made.id, next);
  await webhooks.count(made.id);
  const message = { accountId: made.id, webhookId: "whk_1", messageId: "evt_1", type: "t", body: "{}", createdAt: new Date() };
  const delivery = await webhookDeliveries.insert(message);
  await webhookDeliveries.byId(delivery.id);
  for (const filter of [{}, { state: "PENDING" }] as const) {
    await webhookDeliveries.page("whk_1", next, filter);
    await webhookDeliveries.count("whk_1", filter);
  }
  await webhookDeliveries.due(new Date(), 10, { webhooks: [], accounts: [] });
  await webhookDeliveries.due(new Date(), 10, { webhooks: ["whk_1", "whk_2"], accounts: ["acc_1"] });
  await webhookDeliveries.save(delivery, 0);
  await webhookDeliveries.failPending("whk_1", new Date());
  await webhookDeliveries.deleteBefore(new Date(), 10);
  await webhooks.delete("whk_1");
  await deletionReminders.pending({ deletionDate: new Date(), accountId: "" }, 10);
  await deletionReminders.put({ accountId: made.id, deletionDate: new Date(), step: 1 });
  await deletionReminders.of(made.id);

  const event = await audit.append(made.id, new Date(), entry);
  for (const filter of [{}, { action: "BACKUP" }] as const) {
    await audit.page(made.id, { first: 10, after: event.id }, filter);
    await audit.count(made.id, filter);
  }
  await audit.byId(event.id);
  await audit.chain(made.id, 0, 10);

  const signed = { round: 1, jws: "", digest: "" };
  await checkpoints.insert({ ...signed, at: new Date() }, [{ ...signed, accountId: made.id, sequence: 1, hash: event.hash }]);
  await checkpoints.lastRound();
  await checkpoints.moved("", 10);
  await checkpoints.firstUnexported();
  await checkpoints.markExported(1);
  await checkpoints.ofAccount(made.id, 0, 10);
}

/** How the pages, the probes and the claim must be looked for: by all that they are filtered by, in the order of the index. */
const SEEKS = [
  "account (ekm_status=? AND id<?)",
  "account (key_management=? AND id<?)",
  "account (health_state=? AND id<?)",
  "account (key_management=? AND health_checked_at<?)",
  "account (key_arn=?)",
  "key_wrap (account_id=? AND generation=?)",
  "key_wrap (account_id=? AND key_arn=?)",
  "key_wrap (account_id=? AND key_arn=? AND state=?)",
  "key_health_history (account_id=? AND id<?)",
  "backup_source (account_id=? AND id<?)",
  "backup (account_id=? AND id<?)",
  "backup (account_id=? AND status=? AND id<?)",
  "backup (account_id=? AND source_id=? AND id<?)",
  "restore (account_id=? AND id<?)",
  "restore (account_id=? AND status=? AND id<?)",
  "key_rotation (account_id=? AND id<?)",
  "job (free_at<?)",
  "job (subject_id=? AND kind=?)",
  "old (claimed_at<?)",
  "kms_intent (at<?)",
  "webhook (account_id=? AND id<?)",
  "webhook_delivery (webhook_id=? AND id<?)",
  "webhook_delivery (webhook_id=? AND state=? AND id<?)",
  "delivery (next_attempt_at<?)",
  "old (finished_at<?)",
  "health ((deletion_date,account_id)>(?,?))",
  "audit_event (account_id=? AND sequence<?)",
  "audit_event (account_id=? AND sequence>?)",
  "audit_checkpoint (account_id=? AND sequence>?)",
  "audit_checkpoint (round=?)",
  "audit_round (exported=?)",
  "audit_event (account_id=? AND action=? AND sequence<?)",
];

it("reads no table from end to end, and sorts nothing, in any query", async () => {
  const asked: { sql: string; parameters: unknown[] }[] = [];
  const nothing = () => undefined;
  const recorder: Logger = {
    logQuery: (sql, parameters) => asked.push({ sql, parameters: parameters ?? [] }),
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
  source.logger = recorder;
  await callEverything(createRepositories(source.manager, ids));

  const plans = new Map<string, string[]>();
  for (const { sql, parameters } of [...asked]) {
    if (!/^(SELECT|UPDATE|DELETE)/.test(sql)) continue;
    const steps = await source.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    plans.set(
      sql,
      steps.map((step) => step.detail),
    );
  }
  const seeks = [...plans.values()].flat().map((step) => step.replace(/^SEARCH (\w+) USING .*INDEX \w+ /, "$1 "));
  for (const seek of SEEKS) expect(seeks).toContain(seek);
  expect(seeks).toContain("SCAN job USING INDEX job_order");
  for (const [sql, steps] of plans) {
    // An index may be read whole, in its order, where everything is asked for.
    expect(
      steps.filter((step) => /TEMP B-TREE|^SCAN (?!.* USING (COVERING )?INDEX)(?!CONSTANT)/.test(step)),
      sql,
    ).toEqual([]);
  }
});
