import type { CaseFile } from "./case-file.js";
import { type CustomerStep, DIAGNOSIS_STATES, type Diagnosis, type DiagnosisCause, type Finding } from "./diagnosis.js";
import { failedJobs } from "./failed-jobs.js";
import { activationFinding } from "./findings/activation-finding.js";
import { jobsFindings } from "./findings/jobs-finding.js";
import { keyFinding } from "./findings/key-finding.js";
import { leftBehind, leftBehindFinding } from "./findings/left-behind-finding.js";
import { lockFinding } from "./findings/lock-finding.js";
import { rotationFinding } from "./findings/rotation-finding.js";
import { wellFinding } from "./findings/well-finding.js";
import { CHECK_NOW, START_AGAIN } from "./steps/afterwards.js";
import { ticketText } from "./ticket-text.js";

const MAX_CAUSES = 20;
const MAX_STEPS = 30;
const CLOSING: readonly CustomerStep[] = [CHECK_NOW, START_AGAIN];

/** What is the matter with an account: a pure function of what is known of it. */
export function diagnose(file: CaseFile): Diagnosis {
  const found = findings(file);
  const [gravest = wellFinding(file)] = found;
  const told = found.length === 0 ? [gravest] : found;
  const { deletionDate } = file.health ?? {};
  const diagnosis: Omit<Diagnosis, "ticketText"> = {
    state: gravest.state,
    summary: gravest.summary,
    promise: gravest.promise,
    ...(gravest.since === undefined ? {} : { since: gravest.since }),
    causes: distinctCauses(told.flatMap(({ causes }) => causes)),
    customerSteps: distinctSteps(told.flatMap(({ customerSteps }) => customerSteps)),
    supportSteps: [...new Set(told.flatMap(({ supportSteps }) => supportSteps))],
    failedJobs: failedJobs(file),
    backupsAtRisk: backupsAtRisk(file, found),
    ...(deletionDate === undefined ? {} : { deletionDate }),
  };
  return { ...diagnosis, ticketText: ticketText(file, diagnosis, told.slice(1)) };
}

/** The gravest first. */
function findings(file: CaseFile): readonly Finding[] {
  const found = [
    keyFinding(file),
    lockFinding(file),
    rotationFinding(file),
    ...jobsFindings(file),
    leftBehindFinding(file),
    activationFinding(file),
  ].filter((finding) => finding !== null);
  return found.sort((a, b) => DIAGNOSIS_STATES.indexOf(a.state) - DIAGNOSIS_STATES.indexOf(b.state));
}

const CLOSED: ReadonlySet<Finding["state"]> = new Set(["KEY_PENDING_DELETION", "KEYS_LOCKED", "KEY_UNUSABLE"]);

function backupsAtRisk(file: CaseFile, found: readonly Finding[]): bigint {
  const counts = found.some(({ state }) => CLOSED.has(state)) ? file.backupsByGeneration : leftBehind(file);
  return [...counts.values()].reduce((sum, count) => sum + count, 0n);
}

/** The same code of the same key and generation is told once, as it was seen last. */
function distinctCauses(causes: readonly DiagnosisCause[]): readonly DiagnosisCause[] {
  const byKey = new Map<string, DiagnosisCause>();
  for (const cause of causes) {
    const key = `${cause.code} ${cause.keyArn} ${cause.generation}`;
    const known = byKey.get(key);
    if (known === undefined || known.seenAt < cause.seenAt) byKey.set(key, cause);
  }
  return [...byKey.values()].slice(0, MAX_CAUSES);
}

/** A step that two findings ask for stands once; looking whether it helped, and starting again, come after all repairs. */
function distinctSteps(steps: readonly CustomerStep[]): readonly CustomerStep[] {
  const repairs = steps.filter((step) => !CLOSING.includes(step));
  const distinct = [...new Map(repairs.map((step) => [step.text, step])).values()];
  return [...distinct.slice(0, MAX_STEPS - CLOSING.length), ...CLOSING.filter((step) => steps.includes(step))];
}
