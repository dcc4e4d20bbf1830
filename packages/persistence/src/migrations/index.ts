import { Initial1767225600000 } from "./1767225600000-initial.js";
import { AccountEvents1795478400000 } from "./1795478400000-account-events.js";
import { Webhooks1795500000000 } from "./1795500000000-webhooks.js";
import { AuditCheckpoints1795510000000 } from "./1795510000000-audit-checkpoints.js";
import { LeftGenerations1795520000000 } from "./1795520000000-left-generations.js";

/** In order. A migration that was released is never edited: another one follows it. */
export const MIGRATIONS = [
  Initial1767225600000,
  AccountEvents1795478400000,
  Webhooks1795500000000,
  AuditCheckpoints1795510000000,
  LeftGenerations1795520000000,
];
