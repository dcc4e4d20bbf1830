import type { Ids, Repositories } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { accountRepository } from "./accounts.js";
import { auditRepository } from "./audit.js";
import { backupRepository } from "./backups.js";
import { healthRepository } from "./health.js";
import { jobQueue } from "./jobs.js";
import { keyRepository } from "./keys.js";
import { restoreRepository } from "./restores.js";
import { sourceRepository } from "./sources.js";

export const createRepositories = (manager: EntityManager, ids: Ids): Repositories => ({
  accounts: accountRepository(manager),
  keys: keyRepository(manager),
  health: healthRepository(manager),
  sources: sourceRepository(manager),
  backups: backupRepository(manager),
  restores: restoreRepository(manager),
  audit: auditRepository(manager, ids),
  jobs: jobQueue(manager),
});
