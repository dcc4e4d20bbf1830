import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type Stack, startStack } from "./stack.js";
import { temporaryDirectory } from "./temporary-directory.js";
import { tenantsOf } from "./tenants.js";

/** A stack whose accounts can have whatever the schema knows. */
export async function startStackWithWebhooks(): Promise<Stack> {
  const webhookKey = path.join(await temporaryDirectory("webhook-key"), "key");
  await writeFile(webhookKey, randomBytes(32));
  const stack = await startStack({
    EKM_PROBES_PER_MINUTE: "1000",
    EKM_WEBHOOK_KEY_FILE: webhookKey,
    EKM_WEBHOOK_ALLOW_INSECURE: "true",
  });
  await writeFile(path.join(stack.data, "crm", "accounts.csv"), "id,name\n1,Acme\n");
  return stack;
}

/** An account with two of everything that it can have a list of; `nodes` has one id of each type that implements Node. */
export async function tenantWithEverything(
  stack: Stack,
  name: string,
): Promise<{ account: string; nodes: Readonly<Record<string, string>> }> {
  const tenants = tenantsOf(stack);
  const { account } = await tenants.enabled(name);
  const admin = async (query: string, variables?: object) => {
    const { data, errors } = await stack.as("ACCOUNT_ADMIN", account, query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  };
  const sources = [await tenants.source(account), await tenants.source(account)];
  const backups = await Promise.all(sources.map((source) => tenants.backup(account, source)));
  await stack.dataPlane.runAll();
  await admin('mutation { lockAccountKeys(input: { reason: "drill" }) { userErrors { code } } }');
  await admin('mutation { unlockAccountKeys(input: { reason: "over" }) { userErrors { code } } }');
  await admin("mutation { checkKeyHealth(input: {}) { userErrors { code } } }");
  const rotate = "mutation ($key: String!) { rotateEkmKey(input: { keyArn: $key }) { rotation { id } } }";
  const cancelled = await admin(rotate, { key: await tenants.grantedKey(account) });
  await admin("mutation ($id: ID!) { cancelEkmKeyRotation(input: { rotationId: $id }) { userErrors { code } } }", {
    id: cancelled.rotateEkmKey.rotation.id,
  });
  const data = await admin(
    `mutation ($backup: ID!, $key: String!) {
      one: startRestore(input: { backupId: $backup }) { restore { id } }
      two: startRestore(input: { backupId: $backup }) { restore { id } }
      startVerification(input: { backupId: $backup }) { verification { id } }
      first: createWebhook(input: { url: "http://127.0.0.1:9/" }) { webhook { id } }
      second: createWebhook(input: { url: "http://127.0.0.1:9/" }) { webhook { id } }
      rotateEkmKey(input: { keyArn: $key }) { rotation { id } }
    }`,
    { backup: backups[0], key: await tenants.grantedKey(account) },
  );
  const webhook = data.second.webhook.id;
  const send = "mutation ($id: ID!) { sendTestWebhook(input: { webhookId: $id }) { delivery { id } } }";
  await admin(send, { id: webhook });
  const test = await admin(send, { id: webhook });
  const log = await admin("{ account { auditLog(first: 1) { nodes { id } } } }");
  return {
    account,
    nodes: {
      Account: account,
      AuditEvent: log.account.auditLog.nodes[0].id,
      Backup: backups[0] ?? "",
      BackupSource: sources[0] ?? "",
      KeyRotation: data.rotateEkmKey.rotation.id,
      Restore: data.one.restore.id,
      Verification: data.startVerification.verification.id,
      Webhook: webhook,
      WebhookDelivery: test.sendTestWebhook.delivery.id,
    },
  };
}
