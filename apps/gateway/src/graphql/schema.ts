import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync, type PubSub } from "type-graphql";
import { Accounts } from "./accounts/accounts.js";
import { CreateAccount } from "./accounts/create-account.js";
import { AccountAuditLog } from "./audit/account-audit-log.js";
import { AccountBackups } from "./backups/account-backups.js";
import { StartBackup } from "./backups/start-backup.js";
import { ActivateEkm } from "./ekm/activate-ekm.js";
import { EkmConfigurationFields } from "./ekm/ekm-configuration-fields.js";
import { EnableEkm } from "./ekm/enable-ekm.js";
import { WithdrawEkmActivation } from "./ekm/withdraw-ekm-activation.js";
import { ErrorCatalog } from "./errors/error-catalog.js";
import { AccountEvents } from "./events/account-events.js";
import { CancelJob } from "./jobs/cancel-job.js";
import { CheckKeyHealth } from "./keys/check-key-health.js";
import { CustomerKeyFields } from "./keys/customer-key-fields.js";
import { ValidateKmsKey } from "./keys/validate-kms-key.js";
import { LockAccountKeys } from "./locking/lock-account-keys.js";
import { UnlockAccountKeys } from "./locking/unlock-account-keys.js";
import { NodeQuery } from "./relay/node-query.js";
import { AccountRestores } from "./restores/account-restores.js";
import { StartRestore } from "./restores/start-restore.js";
import { CancelEkmKeyRotation } from "./rotations/cancel-ekm-key-rotation.js";
import { EkmRotations } from "./rotations/ekm-rotations.js";
import { PauseEkmKeyRotation } from "./rotations/pause-ekm-key-rotation.js";
import { ResumeEkmKeyRotation } from "./rotations/resume-ekm-key-rotation.js";
import { RotateEkmKey } from "./rotations/rotate-ekm-key.js";
import { AccountSources } from "./sources/account-sources.js";
import { RegisterBackupSource } from "./sources/register-backup-source.js";
import { AccountDiagnosis } from "./support/account-diagnosis.js";
import { StartVerification } from "./verifications/start-verification.js";
import { ViewerQuery } from "./viewer/viewer-query.js";
import { AccountWebhooks } from "./webhooks/account-webhooks.js";
import { CreateWebhook } from "./webhooks/create-webhook.js";
import { DeleteWebhook } from "./webhooks/delete-webhook.js";
import { RedeliverWebhook } from "./webhooks/redeliver-webhook.js";
import { RotateWebhookSecret } from "./webhooks/rotate-webhook-secret.js";
import { SendTestWebhook } from "./webhooks/send-test-webhook.js";
import { UpdateWebhook } from "./webhooks/update-webhook.js";
import { WebhookFields } from "./webhooks/webhook-fields.js";

/** type-graphql asks for one wherever there is a subscription. Ours reads the event feed instead, which also hears other processes. */
const NO_PUB_SUB: PubSub = {
  publish: () => {},
  subscribe: () => {
    throw new Error("subscriptions are served by the event feed");
  },
};

/** type-graphql has no place for these. */
const ROOTS: Readonly<Record<string, string>> = {
  Query: "What can be asked. Changes nothing, but that support's looks at accounts are noted in their audit logs.",
  Mutation: "What can be done. Each answers what it made, or `userErrors`.",
  Subscription: "What can be listened to, over web sockets or server-sent events.",
};

/** The whole API, in code. `npm run schema` writes it to schema.graphql, which is committed. */
export function buildSchema(): GraphQLSchema {
  const schema = buildResolvers();
  for (const [name, description] of Object.entries(ROOTS)) {
    const root = schema.getType(name);
    if (root) root.description = description;
  }
  return schema;
}

const buildResolvers = (): GraphQLSchema =>
  buildSchemaSync({
    validate: true,
    disableInferringDefaultValues: true,
    pubSub: NO_PUB_SUB,
    resolvers: [
      NodeQuery,
      ViewerQuery,
      Accounts,
      ErrorCatalog,
      AccountSources,
      AccountBackups,
      AccountRestores,
      AccountAuditLog,
      AccountDiagnosis,
      EkmConfigurationFields,
      CustomerKeyFields,
      EkmRotations,
      CreateAccount,
      ActivateEkm,
      WithdrawEkmActivation,
      RegisterBackupSource,
      ValidateKmsKey,
      EnableEkm,
      RotateEkmKey,
      PauseEkmKeyRotation,
      ResumeEkmKeyRotation,
      CancelEkmKeyRotation,
      CheckKeyHealth,
      LockAccountKeys,
      UnlockAccountKeys,
      StartBackup,
      StartRestore,
      StartVerification,
      CancelJob,
      AccountEvents,
      AccountWebhooks,
      CreateWebhook,
      DeleteWebhook,
      RedeliverWebhook,
      RotateWebhookSecret,
      SendTestWebhook,
      UpdateWebhook,
      WebhookFields,
    ],
  });
