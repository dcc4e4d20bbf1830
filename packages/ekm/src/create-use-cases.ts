import { checkKeyHealth } from "./health/check-key-health.js";
import { startBackup } from "./jobs/start-backup.js";
import { startRestore } from "./jobs/start-restore.js";
import { activateEkm } from "./lifecycle/activate-ekm.js";
import { createAccount } from "./lifecycle/create-account.js";
import { enableEkm } from "./lifecycle/enable-ekm.js";
import { registerBackupSource } from "./lifecycle/register-backup-source.js";
import { validateKmsKey } from "./lifecycle/validate-kms-key.js";
import { withdrawEkmActivation } from "./lifecycle/withdraw-ekm-activation.js";
import type { Ports } from "./ports/ports.js";
import { createQueries } from "./queries/create-queries.js";
import type { UseCases } from "./use-cases.js";

/** The product's control plane over its ports. */
export function createUseCases(ports: Ports): UseCases {
  return {
    createAccount: createAccount(ports),
    activateEkm: activateEkm(ports),
    withdrawEkmActivation: withdrawEkmActivation(ports),
    registerBackupSource: registerBackupSource(ports),
    validateKmsKey: validateKmsKey(ports),
    enableEkm: enableEkm(ports),
    checkKeyHealth: checkKeyHealth(ports),
    startBackup: startBackup(ports),
    startRestore: startRestore(ports),
    queries: createQueries(ports),
  };
}
