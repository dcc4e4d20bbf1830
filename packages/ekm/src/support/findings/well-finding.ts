import type { CaseFile } from "../case-file.js";
import type { Finding } from "../diagnosis.js";
import { instant } from "../wording.js";

/** For an account that nothing is the matter with. */
export function wellFinding({ health }: CaseFile): Finding {
  const last = health?.lastUsableAt === undefined ? "" : ` The KMS key was last used at ${instant(health.lastUsableAt)}.`;
  return {
    state: "WELL",
    summary: `Nothing is known to be wrong.${last}`,
    causes: [],
    customerSteps: [],
    supportSteps: ["Ask the customer for the id of the backup or restore that does not work, and look it up (node)."],
    promise: "A key that refuses is seen within one health interval, or at once by a backup or restore that needs it.",
  };
}
