import type { Ids, Repositories } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { accountRepository } from "./accounts.js";
import { auditRepository } from "./audit.js";
import { backupRepository } from "./backups.js";
import { checkpointRepository } from "./checkpoints.js";
import { eventRepository } from "./events.js";
import { healthRepository } from "./health.js";
import { idempotencyRepository } from "./idempotency.js";
import { intentRepository } from "./intents.js";
import { jobQueue } from "./jobs.js";
import { keyRepository } from "./keys.js";
import { restoreRepository } from "./restores.js";
import { rotationRepository } from "./rotations.js";
import { sourceRepository } from "./sources.js";
import { verificationRepository } from "./verifications.js";
import { webhookDeliveryRepository } from "./webhook-deliveries.js";
import { deletionReminderRepository, webhookRepository } from "./webhooks.js";

export const createRepositories = (manager: EntityManager, ids: Ids): Repositories => ({
  accounts: accountRepository(manager),
  keys: keyRepository(manager),
  health: healthRepository(manager),
  sources: sourceRepository(manager),
  backups: backupRepository(manager),
  restores: restoreRepository(manager),
  verifications: verificationRepository(manager),
  rotations: rotationRepository(manager),
  audit: auditRepository(manager, ids),
  checkpoints: checkpointRepository(manager),
  events: eventRepository(manager),
  jobs: jobQueue(manager),
  idempotency: idempotencyRepository(manager),
  intents: intentRepository(manager),
  webhooks: webhookRepository(manager),
  webhookDeliveries: webhookDeliveryRepository(manager, ids),
  deletionReminders: deletionReminderRepository(manager),
});
