import type { KeyRotation } from "../../rotation/rotation.js";
import { type CaseFile, isNews } from "../case-file.js";
import { causeOf } from "../cause-of.js";
import type { CustomerStep, DiagnosisCause, Finding } from "../diagnosis.js";
import { awsKey } from "../steps/aws-key.js";
import { customerSteps } from "../steps/customer-steps.js";
import { supportSteps } from "../steps/support-steps.js";
import { counted, duration, inLine, instant, listed } from "../wording.js";

const MAX_GENERATIONS_NAMED = 10;
const KEEP_BOTH: CustomerStep = { text: "Keep both keys usable, the former and the new one, until the rotation has completed." };

/** What became of the newest rotation, unless it went well. */
export function rotationFinding(file: CaseFile): Finding | null {
  const { rotation } = file;
  switch (rotation?.status) {
    case "PAUSED":
      return rotation.pausedBy === "ADMIN" ? pausedByAdmin(rotation) : pausedByKey(file, rotation);
    case "FAILED":
      return rotation.finishedAt !== undefined && isNews(file, rotation.finishedAt) ? failed(file, rotation) : null;
    case "RUNNING":
      return rotation.problem === undefined ? null : heldUp(file, rotation);
    default:
      return null;
  }
}

const progressOf = ({ rewrapped, total }: KeyRotation): string => `${rewrapped} of ${counted(total, "generation")} done`;

function causesOf({ generationFailures, now }: CaseFile, rotation: KeyRotation): readonly DiagnosisCause[] {
  const at = rotation.finishedAt ?? rotation.pausedAt ?? now;
  const failures = generationFailures.map(({ generation, problem }) => ({ ...causeOf(problem, at), generation }));
  const own = rotation.problem === undefined ? [] : [causeOf(rotation.problem, at)];
  // The rotation's own problem repeats the first generation's.
  return failures.length > 0 && rotation.status === "FAILED" ? failures : [...own, ...failures];
}

function pausedByAdmin(rotation: KeyRotation): Finding {
  const since = rotation.pausedAt ?? rotation.startedAt;
  return {
    state: "ROTATION_PAUSED",
    summary: `An admin of the account paused the key rotation at ${instant(since)} (${progressOf(rotation)}). Backups and restores go on under the former key.`,
    since,
    causes: [],
    customerSteps: [
      { text: "An admin of the account resumes the rotation (resumeEkmKeyRotation), or cancels it (cancelEkmKeyRotation)." },
      KEEP_BOTH,
    ],
    supportSteps: ["Support can neither resume nor cancel a rotation."],
    promise: "It waits for as long as the admin wishes. A cancelled rotation changes nothing: the former key goes on.",
  };
}

function pausedByKey(file: CaseFile, rotation: KeyRotation): Finding {
  const since = rotation.pausedAt ?? rotation.startedAt;
  const { problem } = rotation;
  const refusing = problem?.keyArn;
  const which =
    refusing === undefined ? "" : refusing === rotation.toArn ? `the new key ${refusing}` : `the former key ${refusing}`;
  return {
    state: "ROTATION_PAUSED",
    summary: `The key rotation waits since ${instant(since)} (${progressOf(rotation)}): ${problem?.code ?? "a key refuses"}${which && `, by ${which}`}.`,
    since,
    causes: causesOf(file, rotation),
    customerSteps: [...(problem === undefined ? [] : customerSteps(problem.code, refusing)), KEEP_BOTH],
    supportSteps: problem === undefined ? [] : supportSteps(problem.code),
    promise: `The rotation tries both keys at least once in a health interval (${duration(file.settings.healthIntervalSeconds)}) and goes on by itself once they work. Nothing is lost however long that takes.`,
  };
}

function heldUp(file: CaseFile, rotation: KeyRotation): Finding {
  const code = rotation.problem?.code ?? "KMS_INTERNAL";
  return {
    state: "KEY_DEGRADED",
    summary: `The key rotation is held up by something that passes: ${code} (${progressOf(rotation)}).`,
    since: rotation.startedAt,
    causes: causesOf(file, rotation),
    customerSteps: [...customerSteps(code, rotation.problem?.keyArn), KEEP_BOTH],
    supportSteps: supportSteps(code),
    promise: "The rotation tries again by itself, with pauses. Nothing is lost however long that takes.",
  };
}

function failed(file: CaseFile, rotation: KeyRotation): Finding {
  const { fromArn, toArn, finishedAt, problem } = rotation;
  const { account, generationFailures } = file;
  const named = generationFailures.map(
    ({ generation, backups, problem: cause }) => `generation ${generation} (${counted(backups, "backup")}, ${cause.code})`,
  );
  const generations = named.length === 0 ? (problem?.code ?? "FAILED") : listed(named, MAX_GENERATIONS_NAMED);
  const from = awsKey(fromArn);
  return {
    state: "ROTATION_FAILED",
    summary: `The key rotation of ${instant(rotation.startedAt)} made no switch: not everything could be opened. Left closed: ${generations}. The account stays under its former key.`,
    ...(finishedAt === undefined ? {} : { since: finishedAt }),
    causes: causesOf(file, rotation),
    customerSteps: [
      {
        text: `Do not disable or delete the former key ${from.keyId} (AWS account ${from.awsAccountId}, Region ${from.region}): the account is still under it.`,
      },
      ...(problem === undefined ? [] : customerSteps(problem.code, problem.keyArn)),
      {
        text: `Start the rotation to ${awsKey(toArn).keyId} anew (rotateEkmKey). If what is left closed is to be given up, the admin accepts that loss by repeating the account's name, "${inLine(account.name, 200)}", as acceptLossOfUnreadable; those backups stay listed and come back only if their key does.`,
      },
    ],
    supportSteps: [
      "Tell our operators which generations are left closed, before the customer accepts a loss.",
      "Support can neither start a rotation nor accept a loss.",
    ],
    promise:
      "Backups and restores go on under the former key, and nothing was lost by the attempt. A failed rotation does not start again by itself.",
  };
}
