import type { Backup } from "@ekm/ekm";
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
  protectedBy: async () => (await around.protections())(backup).protectedBy,
  keyArn: async () => (await around.protections())(backup).keyArn ?? null,
  restorable: async () => (await around.protections())(backup).restorable,
  bytes: backup.bytes ?? null,
  items: backup.items ?? null,
  contentDigest: backup.contentDigest ?? null,
  startedAt: backup.startedAt ?? null,
  finishedAt: backup.finishedAt ?? null,
  lastSealedAt: backup.lastSealedAt ?? null,
  problem: backup.problem === undefined ? null : presentProblem(backup.problem),
});
