import { enumOf } from "../scalars/enum-of.js";

export const RotationStatusEnum = enumOf(
  "RotationStatus",
  ["RUNNING", "PAUSED", "COMPLETED", "CANCELLED", "FAILED"],
  `PAUSED: by the admin, or by itself while a key refuses (also at the start); it resumes by itself in the second case. FAILED: every generation was tried, some
cannot be opened for good, no switch was made; start anew, with acceptLossOfUnreadable to leave them.`,
);
