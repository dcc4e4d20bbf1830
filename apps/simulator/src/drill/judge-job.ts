import type { Job } from "../product/types.js";
import type { StepOutcome } from "../runner/outcome.js";

/** The right answer while a key is disabled. */
export const REFUSAL = "KEY_DISABLED";

export function mustSucceed(what: string, job: Job, more = ""): StepOutcome {
  const found = [inWords(what, job), more].filter(Boolean).join(", ");
  return job.status === "SUCCEEDED"
    ? { kind: "held", happened: found }
    : { kind: "deviated", expected: `${what} SUCCEEDED`, happened: found };
}

export function mustBeRefused(what: string, job: Job): StepOutcome {
  const found = inWords(what, job);
  return job.status === "FAILED" && job.problem?.code === REFUSAL
    ? { kind: "held", happened: found }
    : { kind: "deviated", expected: `${what} FAILED ${REFUSAL}`, happened: found };
}

const inWords = (what: string, { status, problem }: Job): string => [what, status, problem?.code].filter(Boolean).join(" ");
