import { type Backup, keyManagementOf } from "@ekm/ekm";
import { presentProblem } from "../errors/present-problem.js";
import { presentProgress } from "../jobs/present-progress.js";
import { presentSource } from "../sources/present-source.js";
import type { BackupView } from "./backup.js";
import type { Surroundings } from "./surroundings.js";

export const presentBackup = (backup: Backup, around: Surroundings): BackupView => ({
  __typename: "Backup",
  id: backup.id,
  source: async () => presentSource(await around.source(backup.sourceId)),
  status: backup.status,
  progress: presentProgress(backup.progress),
  createdUnder: backup.createdUnder,
  protectedBy: async () => keyManagementOf(await around.account()),
  keyArn: async () => {
    const { ekm } = await around.account();
    return ekm.status === "ENABLED" || ekm.status === "ROTATING" ? ekm.key.arn : null;
  },
  restorable: () => isRestorable(backup, around),
  bytes: backup.bytes ?? null,
  items: backup.items ?? null,
  contentDigest: backup.contentDigest ?? null,
  startedAt: backup.startedAt ?? null,
  finishedAt: backup.finishedAt ?? null,
  lastSealedAt: backup.lastSealedAt ?? null,
  problem: backup.problem === undefined ? null : presentProblem(backup.problem),
});

/** Whether a restore that is asked for now has, as far as is known, what it needs: a manifest, and keys that may be used. */
async function isRestorable(backup: Backup, around: Surroundings): Promise<boolean> {
  if (backup.status !== "SUCCEEDED" || backup.manifest === undefined) return false;
  const { keyLock } = await around.account();
  if (keyLock !== undefined) return false;
  const health = await around.keyHealth();
  return health?.state !== "UNUSABLE" && health?.state !== "LOCKED";
}
