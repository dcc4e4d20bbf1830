import { enumOf } from "../scalars/enum-of.js";

export const JobStatusEnum = enumOf(
  "JobStatus",
  ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"],
  "Where a backup, restore or verification stands. The last three are final.",
  {
    QUEUED: "Waits for a worker.",
    RUNNING: "A worker is at it.",
    SUCCEEDED: "Done, and complete.",
    FAILED: "It ended with a `problem`, and does not start again by itself.",
    CANCELLED: "Stopped by a user before its end.",
  },
);
