import { z } from "zod";
import { compareTrees } from "../../data/compare-trees.js";
import { errorCode, healthState, jobStatus, labelName, type Reference, rotationStatus, span } from "../../experiments/fields.js";
import { formatSize } from "../../experiments/size.js";
import type { Job, JobStatus, UserError } from "../../product/types.js";
import { isFinal, type TrackedJob } from "../jobs.js";
import type { StepOutcome } from "../outcome.js";
import type { TrackedRotation } from "../rotations.js";
import type { World } from "../world.js";
import { type Act, rejection } from "./act.js";
import { type Finding, outcomeOf, same } from "./finding.js";
import { judgeDuration } from "./judge-duration.js";

/** What a `do` step may expect of its own act; `code` belongs to the job's, the rotation's or the health's problem, whichever is there. */
export const actExpectation = z.strictObject({
  job: jobStatus.optional(),
  code: errorCode.optional(),
  identical: z.boolean().optional().meta({ description: "The restored tree equals the source, byte for byte." }),
  userError: errorCode.optional(),
  field: z.string().optional().meta({ description: "With userError: the input's field that it names, such as keyArn." }),
  requestError: errorCode.optional(),
  health: healthState.optional(),
  warnings: z
    .array(errorCode)
    .optional()
    .meta({ description: "With health: codes that are among its warnings; []: there is none." }),
  rotation: rotationStatus.optional(),
  usable: z.boolean().optional(),
  checks: z
    .record(z.string(), z.string().regex(/^(PASS|WARN|FAIL|SKIPPED)( [A-Z_]+)?$/, "a verdict, and a code: FAIL KEY_DISABLED"))
    .optional()
    .meta({ description: "Checks of the key by name: a verdict, or one with its code; those that are not named may have any." }),
  same: labelName.optional().meta({ description: "The answer is the job or rotation of that label again, not another one." }),
  took: z.strictObject({ atLeast: span.optional(), atMost: span.optional() }).optional().meta({
    description: "From the request to the job's or rotation's end, or to the answer.",
  }),
  within: span.optional().meta({ description: "How long the job may take to reach its status; default 2m." }),
});
export type ActExpectation = z.infer<typeof actExpectation>;

const JOB_SETTLES_MS = 120_000;
/** `keyArn`, without the argument's own name in front. */
const fieldOf = (error: UserError | undefined): string => error?.field?.filter((part) => part !== "input").join(".") ?? "none";

/** With no expectation an act must be accepted, no more. */
export async function judgeAct(act: Act, expectation: ActExpectation, world: World): Promise<StepOutcome> {
  const refused = rejection(act);
  const refusalWanted = expectation.userError ?? expectation.requestError;
  if (refusalWanted !== undefined) {
    const [error] = act.userErrors;
    const code = expectation.userError === undefined ? act.requestError?.code : error?.code;
    const findings = [same(`refused with ${refusalWanted}`, code ? `refused with ${code}` : (refused ?? "accepted"))];
    if (expectation.field !== undefined) findings.push(same(`field ${expectation.field}`, `field ${fieldOf(error)}`));
    return outcomeOf(act.what, findings);
  }
  if (refused !== undefined) return outcomeOf(act.what, [same(wantedInWords(expectation), `refused: ${refused}`)]);
  const findings: Finding[] = [];
  if (expectation.usable !== undefined) {
    findings.push(same(`usable: ${expectation.usable}`, `usable: ${act.usable ?? "not answered"}`));
  }
  for (const [name, verdict] of Object.entries(expectation.checks ?? {})) {
    const check = act.checks?.find((one) => one.check === name);
    const seen = verdict.includes(" ") ? `${check?.verdict} ${check?.code ?? "without a code"}` : check?.verdict;
    findings.push(same(`${name} ${verdict}`, `${name} ${check ? seen : "not answered"}`));
  }
  if (expectation.health !== undefined) {
    findings.push(coded(expectation.health, expectation.code, act.health?.state ?? "no health", act.health?.problem?.code));
  }
  if (expectation.warnings !== undefined) findings.push(judgeWarnings(act, expectation.warnings));
  if (act.rotation && expectation.rotation !== undefined) findings.push(await judgeRotation(act.rotation, expectation, world));
  if (act.job && expectation.job !== undefined) findings.push(...(await judgeJob(act.job, expectation, world)));
  else if (expectation.job !== undefined) findings.push(same(`a job that is ${expectation.job}`, "no job"));
  if (expectation.same !== undefined) findings.push(judgeSame(act, expectation.same, world));
  if (expectation.took !== undefined) findings.push(judgeDuration(Date.now() - act.startedAt, expectation.took, world));
  return outcomeOf(act.what, findings);
}

function judgeWarnings({ health }: Act, wanted: readonly string[]): Finding {
  const codes = health?.warnings.map(({ code }) => code) ?? [];
  const met = wanted.length === 0 ? codes.length === 0 : wanted.every((code) => codes.includes(code));
  const inWords = (list: readonly string[]): string => `warnings ${list.join(", ") || "none"}`;
  return { wanted: inWords(wanted), found: health ? inWords(codes) : "no health", met };
}

function judgeSame(act: Act, label: Reference<"label">, world: World): Finding {
  const known = act.rotation ? world.rotations.labelled(label) : world.jobs.labelled(label);
  const met = (act.rotation ?? act.job)?.id === known.id;
  return { wanted: `the same as ${label.name}`, found: met ? `the same as ${label.name}` : "another one", met };
}

async function judgeJob(job: TrackedJob, expectation: ActExpectation, world: World): Promise<Finding[]> {
  const limit = expectation.within === undefined ? JOB_SETTLES_MS : world.spanMs(expectation.within);
  const state = await world.jobs.waitFor(job, ({ status }) => status === expectation.job, Date.now() + limit);
  const findings = [jobFinding(state, expectation.job ?? state.status, expectation.code)];
  if (expectation.identical !== undefined && state.status === "SUCCEEDED")
    findings.push(await judgeCopy(job, expectation.identical, world));
  return findings;
}

async function judgeRotation(
  tracked: TrackedRotation,
  { rotation, code, within }: ActExpectation,
  world: World,
): Promise<Finding> {
  const limit = within === undefined ? JOB_SETTLES_MS : world.spanMs(within);
  const state = await world.rotations.waitFor(tracked, ({ status }) => status === rotation, Date.now() + limit);
  return coded(rotation ?? state.status, code, state.status, state.problem?.code);
}

export function jobFinding(state: Job, status: JobStatus, code: string | undefined): Finding {
  const settled = isFinal(state) || state.status === status;
  return coded(status, code, settled ? state.status : `still ${state.status}`, state.problem?.code);
}

/** A state and the code of its problem; the code counts only where one is asked for. */
export function coded(state: string, code: string | undefined, foundState: string, foundCode: string | undefined): Finding {
  return {
    wanted: withCode(state, code),
    found: withCode(foundState, foundCode),
    met: state === foundState && (code === undefined || code === foundCode),
  };
}

export async function judgeCopy(job: TrackedJob, identical: boolean, world: World): Promise<Finding> {
  const wanted = identical ? "identical" : "different";
  if (job.target === undefined) return same(wanted, "not a restore");
  const {
    identical: equal,
    differences,
    files,
    bytes,
  } = await compareTrees(job.account.sourceDirectory, job.target, world.signal);
  const [first] = differences;
  return {
    wanted,
    found: first ? `different: ${first.path} ${first.detail}` : `identical (${files} files, ${formatSize(bytes)})`,
    met: equal === identical,
  };
}

function wantedInWords({ job, code, health, usable, rotation }: ActExpectation): string {
  if (rotation !== undefined) return withCode(rotation, code);
  if (job !== undefined) return withCode(job, code);
  if (health !== undefined) return withCode(health, code);
  return usable === undefined ? "accepted" : `usable: ${usable}`;
}

function withCode(status: string, code: string | undefined): string {
  return code === undefined ? status : `${status} ${code}`;
}
