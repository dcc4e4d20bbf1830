import { z } from "zod";
import { compareTrees } from "../../data/compare-trees.js";
import { errorCode, healthState, jobStatus, rotationStatus, span } from "../../experiments/fields.js";
import { formatSize } from "../../experiments/size.js";
import type { Job, JobStatus } from "../../product/types.js";
import { isFinal, type TrackedJob } from "../jobs.js";
import type { StepOutcome } from "../outcome.js";
import type { TrackedRotation } from "../rotations.js";
import type { World } from "../world.js";
import { type Act, rejection } from "./act.js";

/** What a `do` step may expect of its own act; `code` belongs to the job's, the rotation's or the health's problem, whichever is there. */
export const actExpectation = z.strictObject({
  job: jobStatus.optional(),
  code: errorCode.optional(),
  identical: z.boolean().optional().meta({ description: "The restored tree equals the source, byte for byte." }),
  userError: errorCode.optional(),
  requestError: errorCode.optional(),
  health: healthState.optional(),
  rotation: rotationStatus.optional(),
  usable: z.boolean().optional(),
  checks: z
    .record(z.string(), z.enum(["PASS", "WARN", "FAIL", "SKIPPED"]))
    .optional()
    .meta({ description: "Checks of the key by name; those that are not named may have any verdict." }),
  within: span.optional().meta({ description: "How long the job may take to reach its status; default 2m." }),
});
export type ActExpectation = z.infer<typeof actExpectation>;

const JOB_SETTLES_MS = 120_000;
/** What was wanted and what was there. */
export interface Finding {
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
}
const same = (wanted: string, found: string): Finding => ({ wanted, found, met: wanted === found });

/** With no expectation an act must be accepted, no more. */
export async function judgeAct(act: Act, expectation: ActExpectation, world: World): Promise<StepOutcome> {
  const refused = rejection(act);
  const refusalWanted = expectation.userError ?? expectation.requestError;
  if (refusalWanted !== undefined) {
    const code = expectation.userError === undefined ? act.requestError?.code : act.userErrors[0]?.code;
    return outcome(act, [same(`refused with ${refusalWanted}`, code ? `refused with ${code}` : (refused ?? "accepted"))]);
  }
  if (refused !== undefined) return outcome(act, [same(wantedInWords(expectation), `refused: ${refused}`)]);
  const findings: Finding[] = [];
  if (expectation.usable !== undefined) {
    findings.push(same(`usable: ${expectation.usable}`, `usable: ${act.usable ?? "not answered"}`));
  }
  for (const [name, verdict] of Object.entries(expectation.checks ?? {})) {
    const check = act.checks?.find((one) => one.check === name);
    findings.push(same(`${name} ${verdict}`, `${name} ${check?.verdict ?? "not answered"}`));
  }
  if (expectation.health !== undefined) {
    findings.push(coded(expectation.health, expectation.code, act.health?.state ?? "no health", act.health?.problem?.code));
  }
  if (act.rotation && expectation.rotation !== undefined) findings.push(await judgeRotation(act.rotation, expectation, world));
  if (act.job && expectation.job !== undefined) findings.push(...(await judgeJob(act.job, expectation, world)));
  else if (expectation.job !== undefined) findings.push(same(`a job that is ${expectation.job}`, "no job"));
  return outcome(act, findings);
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

async function judgeCopy(job: TrackedJob, identical: boolean, world: World): Promise<Finding> {
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

function outcome(act: Act, findings: readonly Finding[]): StepOutcome {
  const missed = findings.filter(({ met }) => !met);
  if (missed.length === 0) {
    return findings.length === 0
      ? { kind: "held" }
      : { kind: "held", happened: `${act.what} ${findings.map(({ found }) => found).join(", ")}` };
  }
  return {
    kind: "deviated",
    expected: `${act.what} ${missed.map(({ wanted }) => wanted).join(", ")}`,
    happened: `${act.what} ${missed.map(({ found }) => found).join(", ")}`,
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
