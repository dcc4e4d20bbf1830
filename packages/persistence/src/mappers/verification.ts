import type { Verification } from "@ekm/ekm";
import type { VerificationRow } from "../rows/verification.js";
import { toJobRecord, toJobRecordRow } from "./job-record.js";

export const toVerificationRow = (verification: Verification): VerificationRow => ({
  ...toJobRecordRow(verification),
  backupId: verification.backupId,
  samplePercent: verification.samplePercent,
});

export const toVerification = (row: VerificationRow): Verification => ({
  ...toJobRecord(row),
  backupId: row.backupId,
  samplePercent: row.samplePercent,
});
