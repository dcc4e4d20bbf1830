import { customerKeyOf } from "../health/record-observation.js";
import { type CaseFile, MAX_JOBS } from "./case-file.js";
import {
  type CustomerStep,
  type Diagnosis,
  type DiagnosisCause,
  type FailedJobs,
  type Finding,
  MAX_TICKET_LENGTH,
} from "./diagnosis.js";
import { counted, inLine, instant } from "./wording.js";

const MAX_CAUSES = 8;
const MAX_CODES = 8;
const CUT = "\n[cut: the rest is in the account's diagnosis]\n";

/** For the customer to read: what is the matter, what they have to do, and what happens then. */
export function ticketText(file: CaseFile, diagnosis: Omit<Diagnosis, "ticketText">, more: readonly Finding[]): string {
  const sections = [
    header(file, diagnosis),
    section("What is the matter", [diagnosis.summary, ...more.map(({ summary }) => summary)]),
    section("What we have seen", [
      ...diagnosis.causes.slice(0, MAX_CAUSES).flatMap(causeLines),
      ...diagnosis.failedJobs.slice(0, MAX_CODES).map(failureLine),
      ...(isCapped(file)
        ? [`  (Of the failed ones only the latest ${MAX_JOBS} backups and ${MAX_JOBS} restores were counted.)`]
        : []),
      ...(diagnosis.backupsAtRisk === 0n
        ? []
        : [`${counted(diagnosis.backupsAtRisk, "backup")} cannot be restored while this lasts.`]),
    ]),
    section("What you have to do", numbered(diagnosis.customerSteps)),
    section("What happens then", [diagnosis.promise]),
  ];
  const text = `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
  return text.length <= MAX_TICKET_LENGTH ? text : text.slice(0, MAX_TICKET_LENGTH - CUT.length) + CUT;
}

function header({ account, now }: CaseFile, { state }: Pick<Diagnosis, "state">): readonly string[] {
  const { id, name, ekm } = account;
  const key = customerKeyOf(account);
  const ticket = ekm.status === "NOT_ACTIVATED" ? undefined : ekm.activation.ticket;
  return [
    `Account: ${inLine(name, 200)} (${id})`,
    ...(key === null ? [] : [`Key: ${key.arn}`]),
    ...(ticket === undefined ? [] : [`Activated under ticket: ${inLine(ticket, 200)}`]),
    `State: ${state}, as known at ${instant(now)}`,
  ];
}

const isCapped = ({ failedBackups, failedRestores }: CaseFile): boolean =>
  failedBackups.length >= MAX_JOBS || failedRestores.length >= MAX_JOBS;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines];

function causeLines(cause: DiagnosisCause): readonly string[] {
  const { code, meaning, possibleCauses, keyArn, generation, awsErrorName, awsRequestId, seenAt } = cause;
  const told = [
    ...(awsErrorName === undefined ? [] : [`AWS answered ${inLine(awsErrorName, 100)}`]),
    ...(awsRequestId === undefined ? [] : [`AWS request ${inLine(awsRequestId, 100)}`]),
  ].join(", ");
  return [
    `- ${code}${generation === undefined ? "" : `, generation ${generation}`}, last seen at ${instant(seenAt)}: ${meaning}`,
    ...(keyArn === undefined ? [] : [`  Key: ${keyArn}`]),
    ...(told === "" ? [] : [`  ${told}`]),
    ...possibleCauses.slice(0, 5).map((possible) => `  Possible: ${inLine(possible, 200)}`),
  ];
}

function failureLine({ code, backups, restores, lastFailedAt }: FailedJobs): string {
  const jobs = [
    ...(backups === 0 ? [] : [counted(backups, "backup")]),
    ...(restores === 0 ? [] : [counted(restores, "restore")]),
  ].join(" and ");
  return `- ${jobs} failed with ${code} in the last 30 days, the last at ${instant(lastFailedAt)}.`;
}

const numbered = (steps: readonly CustomerStep[]): readonly string[] =>
  steps.length === 0
    ? ["Nothing."]
    : steps.flatMap(({ text, awsCli }, place) => [`${place + 1}. ${text}`, ...(awsCli === undefined ? [] : [`   ${awsCli}`])]);
