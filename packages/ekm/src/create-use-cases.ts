import { checkKeyHealth } from "./health/check-key-health.js";
import { cancelJob } from "./jobs/cancel-job.js";
import { startBackup } from "./jobs/start-backup.js";
import { startRestore } from "./jobs/start-restore.js";
import { startVerification } from "./jobs/start-verification.js";
import { activateEkm } from "./lifecycle/activate-ekm.js";
import { createAccount } from "./lifecycle/create-account.js";
import { enableEkm } from "./lifecycle/enable-ekm.js";
import { registerBackupSource } from "./lifecycle/register-backup-source.js";
import { validateKmsKey } from "./lifecycle/validate-kms-key.js";
import { withdrawEkmActivation } from "./lifecycle/withdraw-ekm-activation.js";
import { lockAccountKeys } from "./locking/lock-account-keys.js";
import { unlockAccountKeys } from "./locking/unlock-account-keys.js";
import type { Ports } from "./ports/ports.js";
import { createQueries } from "./queries/create-queries.js";
import { cancelEkmKeyRotation } from "./rotation/cancel-ekm-key-rotation.js";
import { pauseEkmKeyRotation } from "./rotation/pause-ekm-key-rotation.js";
import { resumeEkmKeyRotation } from "./rotation/resume-ekm-key-rotation.js";
import { rotateEkmKey } from "./rotation/rotate-ekm-key.js";
import type { UseCases } from "./use-cases.js";
import { createWebhook } from "./webhooks/create-webhook.js";
import { deleteWebhook } from "./webhooks/delete-webhook.js";
import { redeliverWebhook } from "./webhooks/redeliver-webhook.js";
import { rotateWebhookSecret } from "./webhooks/rotate-webhook-secret.js";
import { sendTestWebhook } from "./webhooks/send-test-webhook.js";
import { updateWebhook } from "./webhooks/update-webhook.js";

/** The product's control plane over its ports. */
export function createUseCases(ports: Ports): UseCases {
  return {
    createAccount: createAccount(ports),
    activateEkm: activateEkm(ports),
    withdrawEkmActivation: withdrawEkmActivation(ports),
    registerBackupSource: registerBackupSource(ports),
    validateKmsKey: validateKmsKey(ports),
    enableEkm: enableEkm(ports),
    rotateEkmKey: rotateEkmKey(ports),
    pauseEkmKeyRotation: pauseEkmKeyRotation(ports),
    resumeEkmKeyRotation: resumeEkmKeyRotation(ports),
    cancelEkmKeyRotation: cancelEkmKeyRotation(ports),
    checkKeyHealth: checkKeyHealth(ports),
    lockAccountKeys: lockAccountKeys(ports),
    unlockAccountKeys: unlockAccountKeys(ports),
    startBackup: startBackup(ports),
    startRestore: startRestore(ports),
    startVerification: startVerification(ports),
    cancelJob: cancelJob(ports),
    createWebhook: createWebhook(ports),
    updateWebhook: updateWebhook(ports),
    deleteWebhook: deleteWebhook(ports),
    rotateWebhookSecret: rotateWebhookSecret(ports),
    sendTestWebhook: sendTestWebhook(ports),
    redeliverWebhook: redeliverWebhook(ports),
    queries: createQueries(ports),
  };
}
