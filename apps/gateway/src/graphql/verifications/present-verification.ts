import type { Verification } from "@ekm/ekm";
import { presentBackup } from "../backups/present-backup.js";
import type { Surroundings } from "../backups/surroundings.js";
import { presentProblem } from "../errors/present-problem.js";
import { presentProgress } from "../jobs/present-progress.js";
import type { VerificationView } from "./verification.js";

export const presentVerification = (verification: Verification, around: Surroundings): VerificationView => ({
  __typename: "Verification",
  id: verification.id,
  backup: async () => presentBackup(await around.backup(verification.backupId), around),
  status: verification.status,
  progress: presentProgress(verification.progress),
  startedAt: verification.startedAt ?? null,
  finishedAt: verification.finishedAt ?? null,
  problem: verification.problem === undefined ? null : presentProblem(verification.problem),
});
