import { problem } from "../../errors/catalog.js";
import type { CaseFile } from "../case-file.js";
import { causeOf } from "../cause-of.js";
import type { Finding } from "../diagnosis.js";
import { START_AGAIN } from "../steps/afterwards.js";
import { customerSteps } from "../steps/customer-steps.js";
import { inLine, instant } from "../wording.js";

export function lockFinding({ account: { keyLock } }: CaseFile): Finding | null {
  if (keyLock === undefined) return null;
  const { lockedAt, lockedBy } = keyLock;
  return {
    state: "KEYS_LOCKED",
    summary: `${inLine(lockedBy, 100)} locked the account's keys on our side at ${instant(lockedAt)}. Backups and restores fail until an admin of the account unlocks them.`,
    since: lockedAt,
    causes: [causeOf(problem("KEYS_LOCKED"), lockedAt)],
    customerSteps: [...customerSteps("KEYS_LOCKED"), START_AGAIN],
    supportSteps: [
      "Support can neither lock nor unlock. If no admin of the account can be reached, the customer's own identity provider has to give somebody that role.",
      "The reason that was given for the lock stands in the account (keyLock.reason).",
    ],
    promise:
      "Within a second after the unlocking backups and restores can run again, and nothing that was backed up before is lost. What has failed meanwhile does not start again by itself.",
  };
}
