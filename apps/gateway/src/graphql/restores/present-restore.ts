import type { Restore } from "@ekm/ekm";
import { presentBackup } from "../backups/present-backup.js";
import type { Surroundings } from "../backups/surroundings.js";
import { presentProblem } from "../errors/present-problem.js";
import { presentProgress } from "../jobs/present-progress.js";
import type { RestoreView } from "./restore.js";

export const presentRestore = (restore: Restore, around: Surroundings): RestoreView => ({
  __typename: "Restore",
  id: restore.id,
  backup: async () => presentBackup(await around.backup(restore.backupId), around),
  status: restore.status,
  progress: presentProgress(restore.progress),
  target: restore.target,
  contentDigest: restore.contentDigest ?? null,
  bytesReleased: restore.bytesReleased,
  lastByteReleasedAt: restore.lastByteReleasedAt ?? null,
  startedAt: restore.startedAt ?? null,
  finishedAt: restore.finishedAt ?? null,
  problem: restore.problem === undefined ? null : presentProblem(restore.problem),
});
