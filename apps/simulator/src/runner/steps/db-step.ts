import { actsStep } from "./acts-step.js";
import { lock } from "./db/lock.js";
import { restore } from "./db/restore.js";
import { snapshot } from "./db/snapshot.js";
import { unlock } from "./db/unlock.js";

export const DB_ACTS = [lock, unlock, snapshot, restore] as const;

export const dbStep = actsStep("db", DB_ACTS, "Something happens to the service's own database, behind the product.");
