import { z } from "zod";
import type { Act } from "../act.js";
import type { Operation } from "../step.js";
import { activateEkm } from "./activate-ekm.js";
import { cancelEkmKeyRotation } from "./cancel-ekm-key-rotation.js";
import { cancelJob } from "./cancel-job.js";
import { checkKeyHealth } from "./check-key-health.js";
import { createAccount } from "./create-account.js";
import { enableEkm } from "./enable-ekm.js";
import { lockAccountKeys } from "./lock-account-keys.js";
import { pauseEkmKeyRotation } from "./pause-ekm-key-rotation.js";
import { registerBackupSource } from "./register-backup-source.js";
import { resumeEkmKeyRotation } from "./resume-ekm-key-rotation.js";
import { rotateEkmKey } from "./rotate-ekm-key.js";
import { startBackup } from "./start-backup.js";
import { startRestore } from "./start-restore.js";
import { startVerification } from "./start-verification.js";
import { unlockAccountKeys } from "./unlock-account-keys.js";
import { validateKmsKey } from "./validate-kms-key.js";
import { withdrawEkmActivation } from "./withdraw-ekm-activation.js";

/** Every mutation that a `do` step can ask for. */
export const DO_OPERATIONS: readonly Operation<object, Act>[] = [
  startBackup,
  startRestore,
  startVerification,
  cancelJob,
  createAccount,
  registerBackupSource,
  activateEkm,
  withdrawEkmActivation,
  validateKmsKey,
  enableEkm,
  rotateEkmKey,
  pauseEkmKeyRotation,
  resumeEkmKeyRotation,
  cancelEkmKeyRotation,
  checkKeyHealth,
  lockAccountKeys,
  unlockAccountKeys,
];

export const doOperation = z.union(DO_OPERATIONS.map(({ schema }) => schema));
