import { EntitySchema } from "typeorm";
import { id, int4 } from "./columns.js";
import { type JobRecordRow, jobRecordColumns } from "./job-record.js";

export interface VerificationRow extends JobRecordRow {
  backupId: string;
  samplePercent: number;
}

export const VerificationRows = new EntitySchema<VerificationRow>({
  name: "verification",
  columns: { ...jobRecordColumns, backupId: id, samplePercent: int4 },
});
