import { keyManagementOf } from "../../accounts/account.js";
import type { ErrorCode } from "../../errors/codes.js";
import type { KeyHealth } from "../../health/health.js";
import type { CaseFile } from "../case-file.js";
import { causeOf } from "../cause-of.js";
import { isOurs } from "../code-groups.js";
import type { Finding } from "../diagnosis.js";
import { CHECK_NOW, healsByItself, START_AGAIN } from "../steps/afterwards.js";
import { customerSteps } from "../steps/customer-steps.js";
import { supportSteps } from "../steps/support-steps.js";
import { counted, duration, instant } from "../wording.js";

const GONE_FOR_EVER = "If the key is gone for ever, nobody can bring it or what it protects back, AWS and we included.";
const MAY_BE_GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "KEY_NOT_FOUND",
  "KEY_ACCESS_DENIED",
  "KEY_PENDING_IMPORT",
  "AWS_ACCOUNT_SUSPENDED",
  "EXTERNAL_KEY_NOT_FOUND",
]);

/** What the last look at the customer's key says. */
export function keyFinding(file: CaseFile): Finding | null {
  const { account, health } = file;
  if (keyManagementOf(account) === "CLOUD") return null;
  if (health === null) return unknown(file, null);
  if (isPendingDeletion(health)) return pendingDeletion(file, health);
  switch (health.state) {
    case "UNUSABLE":
      return unusable(file, health);
    case "DEGRADED":
      return degraded(file, health);
    case "UNKNOWN":
      return unknown(file, health);
    default:
      return null;
  }
}

/** A locked key is not asked: a deletion that was seen before the lock still draws near. */
const isPendingDeletion = ({ problem, deletionDate, state }: KeyHealth): boolean =>
  problem?.code === "KEY_PENDING_DELETION" || (deletionDate !== undefined && state !== "HEALTHY");

const causesOf = ({ problem, checkedAt }: KeyHealth) => (problem === undefined ? [] : [causeOf(problem, checkedAt)]);

function pendingDeletion({ now, settings, backupsByGeneration }: CaseFile, health: KeyHealth): Finding {
  const { keyArn, deletionDate, since } = health;
  const backups = [...backupsByGeneration.values()].reduce((sum, count) => sum + count, 0n);
  const date =
    deletionDate === undefined
      ? "AWS will delete the KMS key; we cannot see on which date."
      : deletionDate > now
        ? `AWS will delete the KMS key at ${instant(deletionDate)}.`
        : `AWS was to delete the KMS key at ${instant(deletionDate)}: unless that was cancelled, it is gone.`;
  const causes = health.problem?.code === "KEY_PENDING_DELETION" ? causesOf(health) : [];
  return {
    state: "KEY_PENDING_DELETION",
    summary: `${date} Backups and restores fail already, and once it is deleted nobody can ever restore what it protects: ${counted(backups, "backup")}.`,
    since,
    causes,
    customerSteps: [...customerSteps("KEY_PENDING_DELETION", keyArn), CHECK_NOW, START_AGAIN],
    supportSteps: ["Call the customer: a date is running out.", ...supportSteps("KEY_PENDING_DELETION")],
    promise: `${healsByItself(settings)} ${GONE_FOR_EVER}`,
  };
}

function unusable({ settings }: CaseFile, health: KeyHealth): Finding {
  const { problem, since, keyArn } = health;
  const ours = problem !== undefined && isOurs(problem.code);
  const steps = problem === undefined ? [] : customerSteps(problem.code, problem.keyArn ?? keyArn);
  return {
    state: "KEY_UNUSABLE",
    summary: `Backups and restores fail since ${instant(since)}: ${problem?.code ?? "UNUSABLE"}.`,
    since,
    causes: causesOf(health),
    customerSteps: ours ? steps : [...steps, CHECK_NOW, START_AGAIN],
    supportSteps: problem === undefined ? [] : supportSteps(problem.code),
    promise: ours
      ? "Nothing is deleted or changed while we look into it; we tell you what we find."
      : `${healsByItself(settings)}${problem !== undefined && MAY_BE_GONE.has(problem.code) ? ` ${GONE_FOR_EVER}` : ""}`,
  };
}

function degraded({ settings }: CaseFile, health: KeyHealth): Finding {
  const { problem, since, keyArn } = health;
  return {
    state: "KEY_DEGRADED",
    summary: `Since ${instant(since)} the KMS key cannot be used reliably: ${problem?.code ?? "DEGRADED"}. Backups and restores go on for the length of a key lease and fail if it lasts longer.`,
    since,
    causes: causesOf(health),
    customerSteps: problem === undefined ? [] : customerSteps(problem.code, problem.keyArn ?? keyArn),
    supportSteps: problem === undefined ? [] : supportSteps(problem.code),
    promise: `We try again by ourselves, the next time within one health interval (${duration(settings.healthIntervalSeconds)}). Nothing that was backed up before is lost, and what has failed meanwhile does not start again by itself.`,
  };
}

function unknown({ settings }: CaseFile, health: KeyHealth | null): Finding {
  const last =
    health === null
      ? "The KMS key was never looked at since EKM was enabled."
      : `The last look at the KMS key was at ${instant(health.checkedAt)}; it is not known whether it can be used now.`;
  return {
    state: "KEY_UNKNOWN",
    summary: last,
    ...(health === null ? {} : { since: health.checkedAt }),
    causes: health === null ? [] : causesOf(health),
    customerSteps: [{ text: "An admin of the account chooses Check key now in the EKM settings (checkKeyHealth)." }],
    supportSteps: ["Tell our operators if other accounts are UNKNOWN too: the workers look at keys, and may not be running."],
    promise: `If the key can be used, nothing else has to be done. Our workers look at it once in a health interval (${duration(settings.healthIntervalSeconds)}).`,
  };
}
