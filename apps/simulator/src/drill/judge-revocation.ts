import { formatDuration } from "../experiments/duration.js";
import { isWithinLimit, type Revocation, revocationInWords } from "../runner/measure/revocation.js";
import { HarnessFailure, type StepOutcome } from "../runner/outcome.js";
import type { Effective } from "./key-owner.js";

export type Measured = Pick<Revocation, "t1" | "t2" | "limitMs" | "measuredBy">;

/**
 * The promise is judged by the earliest time at which the act can have been in effect, and called broken only by the latest.
 * Between the two nothing can be concluded: HarnessFailure.
 */
export function judgeRevocation(disabled: Effective, measured: Measured): StepOutcome {
  const named = { job: "canary restore", act: "the key being disabled", ...measured };
  const strict: Revocation = { ...named, t0: disabled.earliest };
  const mild: Revocation = { ...named, t0: disabled.latest };
  if (isWithinLimit(strict)) return { kind: "held", happened: revocationInWords(strict), revocation: strict };
  const promise = formatDuration(measured.limitMs);
  if (!isWithinLimit(mild)) {
    return {
      kind: "deviated",
      expected: `no plaintext later than ${promise} after the key was disabled`,
      happened: revocationInWords(mild),
      revocation: mild,
    };
  }
  throw new HarnessFailure(
    `Not conclusive: the key was disabled some time between ${iso(disabled.earliest)} and ${iso(disabled.latest)}, and the last plaintext came at ${measured.t2 === undefined ? "no time" : iso(measured.t2)}; the promise is ${promise}.`,
  );
}

const iso = (ms: number): string => new Date(ms).toISOString();
