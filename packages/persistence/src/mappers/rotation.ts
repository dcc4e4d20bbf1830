import type { GenerationFailure, KeyRotation, Problem, RetirementCertificate } from "@ekm/ekm";
import type { GenerationFailureRow, KeyRotationRow } from "../rows/rotation.js";
import { fromCount, fromJson, fromMs, present, required, toCount, toJson, toMs, toOptionalCount } from "./values.js";

export const toKeyRotationRow = (rotation: KeyRotation): KeyRotationRow => ({
  id: rotation.id,
  accountId: rotation.accountId,
  fromArn: rotation.fromArn,
  toArn: rotation.toArn,
  toMultiRegion: rotation.toMultiRegion,
  toWarnings: JSON.stringify(rotation.toWarnings),
  status: rotation.status,
  pausedBy: rotation.pausedBy ?? null,
  rewrapped: rotation.rewrapped,
  total: rotation.total,
  startedAt: rotation.startedAt.getTime(),
  startedBy: rotation.startedBy,
  pausedAt: toMs(rotation.pausedAt),
  switchedAt: toMs(rotation.switchedAt),
  finishedAt: toMs(rotation.finishedAt),
  problem: toJson(rotation.problem),
  acceptsLoss: rotation.acceptsLoss,
  retirementJws: rotation.retirement?.jws ?? null,
  retirementKeyId: rotation.retirement?.keyId ?? null,
  retirementSignedAt: toMs(rotation.retirement?.signedAt),
  retirementSafeAfter: toMs(rotation.retirement?.safeToRetireAfter),
  retirementGenerations: rotation.retirement?.generationsCounted ?? null,
  retirementBackups: toOptionalCount(rotation.retirement?.backupsCovered),
});

export const toKeyRotation = (row: KeyRotationRow): KeyRotation => ({
  id: row.id,
  accountId: row.accountId,
  fromArn: row.fromArn,
  toArn: row.toArn,
  toMultiRegion: row.toMultiRegion,
  toWarnings: required(fromJson<string[]>(row.toWarnings), "to_warnings"),
  status: row.status,
  rewrapped: row.rewrapped,
  total: row.total,
  startedAt: new Date(row.startedAt),
  startedBy: row.startedBy,
  acceptsLoss: row.acceptsLoss,
  ...present({
    pausedBy: row.pausedBy,
    pausedAt: fromMs(row.pausedAt),
    switchedAt: fromMs(row.switchedAt),
    finishedAt: fromMs(row.finishedAt),
    problem: fromJson<Problem>(row.problem),
    retirement: toRetirement(row),
  }),
});

function toRetirement(row: KeyRotationRow): RetirementCertificate | null {
  if (row.retirementJws === null) return null;
  return {
    jws: row.retirementJws,
    keyId: required(row.retirementKeyId, "retirement_key_id"),
    signedAt: new Date(required(row.retirementSignedAt, "retirement_signed_at")),
    safeToRetireAfter: new Date(required(row.retirementSafeAfter, "retirement_safe_after")),
    generationsCounted: required(row.retirementGenerations, "retirement_generations"),
    backupsCovered: required(fromCount(row.retirementBackups), "retirement_backups"),
  };
}

export const toGenerationFailureRow = (failure: GenerationFailure): GenerationFailureRow => ({
  rotationId: failure.rotationId,
  generation: failure.generation,
  backups: toCount(failure.backups),
  problem: JSON.stringify(failure.problem),
});

export const toGenerationFailure = (row: GenerationFailureRow): GenerationFailure => ({
  rotationId: row.rotationId,
  generation: row.generation,
  backups: BigInt(row.backups),
  problem: required(fromJson<Problem>(row.problem), "problem"),
});
