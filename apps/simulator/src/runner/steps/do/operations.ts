import { z } from "zod";
import type { Act } from "../act.js";
import type { Operation } from "../step.js";
import { activateEkm } from "./activate-ekm.js";
import { checkKeyHealth } from "./check-key-health.js";
import { enableEkm } from "./enable-ekm.js";
import { startBackup } from "./start-backup.js";
import { startRestore } from "./start-restore.js";
import { validateKmsKey } from "./validate-kms-key.js";
import { withdrawEkmActivation } from "./withdraw-ekm-activation.js";

/** Every mutation that a `do` step can ask for. */
export const DO_OPERATIONS: readonly Operation<object, Act>[] = [
  startBackup,
  startRestore,
  activateEkm,
  withdrawEkmActivation,
  validateKmsKey,
  enableEkm,
  checkKeyHealth,
];

export const doOperation = z.union(DO_OPERATIONS.map(({ schema }) => schema));
