import { enumOf } from "../scalars/enum-of.js";

export const JobStatusEnum = enumOf("JobStatus", ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]);
