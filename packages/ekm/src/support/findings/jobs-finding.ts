import { keyManagementOf } from "../../accounts/account.js";
import type { ErrorCode } from "../../errors/codes.js";
import type { Backup, Restore } from "../../jobs/job.js";
import { type CaseFile, isNews } from "../case-file.js";
import { causeOf } from "../cause-of.js";
import { isOfTheKey, isOurs } from "../code-groups.js";
import type { Finding } from "../diagnosis.js";
import { START_AGAIN } from "../steps/afterwards.js";
import { customerSteps } from "../steps/customer-steps.js";
import { supportSteps } from "../steps/support-steps.js";
import { counted, instant, listed } from "../wording.js";

const MAX_CODES_NAMED = 5;
const NO_JOBS = "Support can start neither backups nor restores.";

interface Failure {
  readonly kind: "backup" | "restore";
  readonly job: Backup | Restore;
  readonly code: ErrorCode;
  readonly at: Date;
}

/** What failed last and has not succeeded since: what a key that is out of order explains is left to the finding about that key. */
export function jobsFindings(file: CaseFile): readonly Finding[] {
  const failures = standingFailures(file).filter(({ code }) => !toldByTheKey(file, code));
  const ofKeys = failures.filter(({ code }) => isOfTheKey(code) && !isVendorKeys(file, code));
  const others = failures.filter((failure) => !ofKeys.includes(failure));
  return [
    ...(others.length === 0 ? [] : [failing(others)]),
    ...(ofKeys.length === 0 || !keysWork(file) ? [] : [toRepeat(file, ofKeys)]),
  ];
}

/** The last ended backup of each source, and the last ended restore, where these failed lately. Newest first. */
function standingFailures(file: CaseFile): readonly Failure[] {
  const ended = ({ status }: Backup | Restore) => status === "SUCCEEDED" || status === "FAILED";
  const lastOfSources = new Map<string, Backup>();
  for (const backup of file.backups.filter(ended)) {
    if (!lastOfSources.has(backup.sourceId)) lastOfSources.set(backup.sourceId, backup);
  }
  const lastRestore = file.restores.find(ended);
  const failureOf =
    (kind: Failure["kind"]) =>
    (job: Backup | Restore): readonly Failure[] => {
      const at = job.finishedAt ?? job.createdAt;
      return job.status === "FAILED" && isNews(file, at) ? [{ kind, job, code: job.problem?.code ?? "INTERNAL", at }] : [];
    };
  return [
    ...[...lastOfSources.values()].flatMap(failureOf("backup")),
    ...(lastRestore === undefined ? [] : failureOf("restore")(lastRestore)),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** In Cloud Key Management the key is ours: its customer has no hand on it. */
const isVendorKeys = ({ account }: CaseFile, code: ErrorCode): boolean =>
  keyManagementOf(account) === "CLOUD" && code !== "KEYS_LOCKED";

/** What the key itself answers to every look at it. */
const toldByTheKey = ({ health }: CaseFile, code: ErrorCode): boolean =>
  health?.state === "UNUSABLE" && health.problem?.code === code;

const keysWork = ({ account, health }: CaseFile): boolean =>
  account.keyLock === undefined && (keyManagementOf(account) === "CLOUD" || health?.state === "HEALTHY");

const causesOf = (failures: readonly Failure[]) =>
  failures.flatMap(({ job, at }) => (job.problem === undefined ? [] : [causeOf(job.problem, at)]));

function sizeOf(failures: readonly Failure[]): string {
  const backups = failures.filter(({ kind }) => kind === "backup").length;
  const restores = failures.length - backups;
  return [
    ...(backups === 0 ? [] : [`the last backup of ${counted(backups, "source")}`]),
    ...(restores === 0 ? [] : ["the last restore"]),
  ].join(" and ");
}

function failing(failures: readonly Failure[]): Finding {
  const codes = [...new Set(failures.map(({ code }) => code))];
  const since = failures.at(-1)?.at;
  // In Cloud Key Management a failing key is ours, and no customer is sent to it.
  const ours = codes.some((code) => isOurs(code) || isOfTheKey(code));
  const steps = codes.filter((code) => !isOfTheKey(code)).flatMap((code) => customerSteps(code));
  return {
    state: "JOBS_FAILING",
    summary: `${ours ? "The cause seems to be with us" : "The KMS key is not the reason"}: ${sizeOf(failures)} failed with ${listed(codes, MAX_CODES_NAMED)}.`,
    ...(since === undefined ? {} : { since }),
    causes: causesOf(failures),
    customerSteps: steps,
    supportSteps: [...(ours ? supportSteps("INTERNAL") : []), NO_JOBS],
    promise: `${ours ? "We look into it, and tell you when to start it again. " : ""}${codes.includes("BACKUP_CORRUPT") ? "All other backups" : "Backups"} that succeeded can be restored. What has failed does not start again by itself.`,
  };
}

function toRepeat({ health }: CaseFile, failures: readonly Failure[]): Finding {
  const codes = [...new Set(failures.map(({ code }) => code))];
  const since = failures.at(-1)?.at;
  const works =
    health?.lastUsableAt === undefined
      ? "The keys can be used again"
      : `The KMS key works, last seen at ${instant(health.lastUsableAt)}`;
  return {
    state: "JOBS_TO_REPEAT",
    summary: `${works}. While it did not, ${sizeOf(failures)} failed with ${listed(codes, MAX_CODES_NAMED)}, and nothing has succeeded in their place yet.`,
    ...(since === undefined ? {} : { since }),
    causes: causesOf(failures),
    customerSteps: [START_AGAIN],
    supportSteps: [NO_JOBS],
    promise: "What is started now works as long as the key does. Backups that succeeded before can be restored.",
  };
}
