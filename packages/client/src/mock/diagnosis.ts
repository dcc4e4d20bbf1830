import { errorCatalog } from "../generated/error-catalog.js";
import { errorCodes, type KnownDiagnosisState, type KnownErrorCode } from "../generated/vocabulary.js";
import { isKnown } from "../known.js";
import type { AccountRecord, JobRecord } from "./world.js";

type Field = Readonly<Record<string, unknown>>;

const SUMMARIES: Record<KnownDiagnosisState, string> = {
  ACTIVATION_LAPSED: "EKM was activated and not enabled in time.",
  ACTIVATION_UNUSED: "EKM is activated and not enabled yet.",
  BACKUPS_LEFT_BEHIND: "Some backups are still under a former key.",
  JOBS_FAILING: "The last backup or restore failed for another reason than the key.",
  JOBS_TO_REPEAT: "The key works again; what failed meanwhile was not repeated.",
  KEYS_LOCKED: "An admin of the account has locked its keys.",
  KEY_DEGRADED: "The last use of the key failed for a passing reason.",
  KEY_PENDING_DELETION: "AWS is going to delete the customer's key.",
  KEY_UNKNOWN: "The customer's key was not looked at lately.",
  KEY_UNUSABLE: "The customer's key refuses: backups and restores fail.",
  NOT_ACTIVATED: "EKM is not activated; our own key protects the account.",
  ROTATION_FAILED: "The last key rotation made no switch.",
  ROTATION_PAUSED: "A key rotation waits.",
  WELL: "Nothing is known to be wrong.",
};

const ofKey = (code: string): boolean => code.startsWith("KEY") || code.startsWith("EXTERNAL_KEY") || code.startsWith("AWS_");

function failedJobsOf({ backups, restores }: AccountRecord): readonly JobRecord[] {
  return [...backups, ...restores].filter(({ status }) => status === "FAILED");
}

/** The gravest first, as the API has it. */
function stateOf(account: AccountRecord): KnownDiagnosisState {
  const [health] = account.health;
  const [rotation] = account.rotations;
  const failed = failedJobsOf(account);
  if (account.keyLock !== null) return "KEYS_LOCKED";
  if (account.activation === null) return account.lapsed ? "ACTIVATION_LAPSED" : "NOT_ACTIVATED";
  if (account.key === null) return "ACTIVATION_UNUSED";
  if (health?.state === "UNUSABLE")
    return health.problem?.code === "KEY_PENDING_DELETION" ? "KEY_PENDING_DELETION" : "KEY_UNUSABLE";
  if (rotation?.status === "PAUSED") return "ROTATION_PAUSED";
  if (rotation?.status === "FAILED") return "ROTATION_FAILED";
  if (health?.state === "DEGRADED") return "KEY_DEGRADED";
  if (failed.some(({ problem }) => problem !== null && !ofKey(problem.code))) return "JOBS_FAILING";
  if (failed.length > 0) return "JOBS_TO_REPEAT";
  if (account.backups.some(({ keyArn }) => keyArn !== account.key?.arn)) return "BACKUPS_LEFT_BEHIND";
  return health?.state === "UNKNOWN" ? "KEY_UNKNOWN" : "WELL";
}

/** In the shape of the real one, with the catalogue's remedies for its advice. */
export function diagnosisOf(account: AccountRecord): Field {
  const state = stateOf(account);
  const [health] = account.health;
  const [rotation] = account.rotations;
  const problems = [health?.problem, rotation?.problem, ...(rotation?.failures ?? []).map((failure) => failure.problem)];
  const causes = problems.flatMap((each) =>
    each == null || health === undefined ? [] : [{ ...each, seenAt: health.checkedAt }],
  );
  const failed = failedJobsOf(account);
  const codes = new Set(failed.flatMap(({ problem }) => (problem === null ? [] : [problem.code])));
  const steps = causes.map(({ code }) => ({
    text: remedyOf(code),
    awsCli: code === "KEY_DISABLED" ? `aws kms enable-key --key-id ${account.key?.arn}` : null,
  }));
  const summary = SUMMARIES[state];
  return {
    state,
    summary,
    since: health?.problem == null ? null : health.since,
    deletionDate: health?.deletionDate ?? null,
    backupsAtRisk: String(
      health?.state === "UNUSABLE" ? account.backups.filter(({ status }) => status === "SUCCEEDED").length : 0,
    ),
    causes: causes.map(({ message, ...cause }) => ({ ...cause, meaning: message, generation: null })),
    failedJobs: [...codes].map((code) => {
      const alike = failed.filter(({ problem }) => problem?.code === code);
      const backups = alike.filter(({ __typename }) => __typename === "Backup").length;
      return { code, backups, restores: alike.length - backups, lastFailedAt: alike[0]?.finishedAt };
    }),
    whatTheCustomerMustDo: steps,
    whatSupportCanDo: ["Tell the customer what is written here.", "Do not promise that lost key material can be brought back."],
    promise: "Backups and restores work again by themselves once the key can be used.",
    ticketText: [`${account.name} (${account.id}): ${summary}`, ...steps.map(({ text }) => `- ${text}`)].join("\n"),
  };
}

const remedyOf = (code: KnownErrorCode | (string & {})): string => (isKnown(errorCodes, code) ? errorCatalog[code].remedy : "");
