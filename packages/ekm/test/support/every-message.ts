import { type Account, createWorkerUseCases, problem, type Verification } from "../../src/index.js";
import { type MemoryPorts, SUPPORT_CALLER, tenantCaller } from "../../testing/index.js";
import { claim, queueBackup, queueRestore, SEALED } from "./jobs.js";
import { must, type WebhookScenario } from "./webhooks.js";

const DAY = 24 * 3600 * 1000;

/** What a message may never hold. */
export const PRIVATE = "/data/private/payroll.csv";

/** A life in which everything happens of which webhooks are told; the messages by type, the latest of each. */
export async function everyMessage(world: WebhookScenario): Promise<ReadonlyMap<string, string>> {
  const { scenario, useCases } = world;
  const ports = world.ports as unknown as MemoryPorts;
  const worker = createWorkerUseCases(ports);
  const admit = async (name: string): Promise<Account> => {
    const account = await scenario.createAccount(name);
    await world.create(account);
    await must(useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id, expiresInDays: 30, ticket: PRIVATE }));
    return account;
  };
  const [withdrawn, lapsed] = [await admit("Withdrawn"), await admit("Lapsed")];
  await must(useCases.withdrawEkmActivation(SUPPORT_CALLER, { accountId: withdrawn.id, reason: PRIVATE }));
  await ports.clock.advance(31 * DAY);
  await must(useCases.activateEkm(SUPPORT_CALLER, { accountId: lapsed.id }));

  const account = await admit("Acme");
  const admin = tenantCaller(account);
  const key = scenario.keyFor(account);
  await must(scenario.enable(account, key.arn, useCases));
  await must(useCases.lockAccountKeys(admin, { reason: PRIVATE }));
  await must(useCases.unlockAccountKeys(admin, { reason: PRIVATE }));
  await must(useCases.checkKeyHealth(admin, {}));

  const made = await queueBackup(ports, account);
  const job = await claim(ports, "BACKUP");
  await worker.beginBackup(job);
  await worker.finishBackup(job, SEALED);
  const ended = { status: "FAILED", problem: problem("SOURCE_UNAVAILABLE", { message: `cannot read ${PRIVATE}` }) } as const;
  await queueBackup(ports, account);
  const failing = await claim(ports, "BACKUP");
  await worker.beginBackup(failing);
  await worker.finishBackup(failing, ended);
  await queueRestore(ports, made, { target: PRIVATE });
  const restoring = await claim(ports, "RESTORE");
  await worker.beginRestore(restoring);
  await worker.finishRestore(restoring, { ...ended, bytesReleased: 0n });
  const at = ports.clock.now();
  const verification: Verification = {
    id: ports.ids.next("vrf"),
    accountId: account.id,
    backupId: made.id,
    samplePercent: 100,
    status: "QUEUED",
    progress: { bytesDone: 0n, itemsDone: 0n },
    createdAt: at,
    requestedBy: "ada",
  };
  await ports.store.transaction(async (tx) => {
    await tx.verifications.insert(verification);
    await tx.jobs.enqueue({
      id: ports.ids.next("job"),
      kind: "VERIFICATION",
      accountId: account.id,
      subjectId: verification.id,
      at,
    });
  });
  const verifying = await claim(ports, "VERIFICATION");
  await worker.beginVerification(verifying);
  await worker.finishVerification(verifying, ended);

  await must(useCases.rotateEkmKey(admin, { keyArn: scenario.keyFor(account).arn }));
  Object.assign(key, { state: "PendingDeletion", deletionDate: new Date(ports.clock.now().getTime() + 7.5 * DAY) });
  await must(useCases.checkKeyHealth(admin, {}));

  const messages = new Map<string, string>();
  for (const { id } of [withdrawn, lapsed, account]) {
    for (const webhook of await ports.store.read.webhooks.ofAccount(id)) {
      await must(useCases.sendTestWebhook(tenantCaller({ id }), { webhookId: webhook.id }));
      for (const { type, body } of [...(await world.deliveries(webhook.id))].reverse()) messages.set(type, body);
    }
  }
  return messages;
}
