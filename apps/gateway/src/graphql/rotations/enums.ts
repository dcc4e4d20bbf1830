import { enumOf } from "../scalars/enum-of.js";

export const RotationStatusEnum = enumOf(
  "RotationStatus",
  ["RUNNING", "PAUSED", "COMPLETED", "CANCELLED", "FAILED"],
  `PAUSED: by the admin, or by itself while a key refuses (also at the start); it resumes by itself in the second case. FAILED: every generation was tried, some
cannot be opened for good, no switch was made; start anew, with acceptLossOfUnreadable to leave them.`,
  {
    RUNNING: "Generations are being wrapped under the new key, or the former key's wraps removed.",
    PAUSED: "Stopped by the admin until resumed, or by a key that refuses until it no longer does.",
    COMPLETED: "The new key protects the account and the certificate is signed.",
    CANCELLED: "Stopped by the admin before the switch; the former key goes on.",
    FAILED: "No switch was made; `failures` names what could not be opened. The former key goes on.",
  },
);
