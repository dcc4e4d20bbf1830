import type { StepOutcome } from "../outcome.js";

/** What was wanted and what was there. */
export interface Finding {
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
}

export const same = (wanted: string, found: string): Finding => ({ wanted, found, met: wanted === found });

/** Only what was asked for: `[name, wanted, found]`, without those of which nothing was wanted. */
export function askedFor(facts: readonly (readonly [string, string | undefined, string])[]): readonly Finding[] {
  return facts.flatMap(([name, wanted, found]) => (wanted === undefined ? [] : [same(`${name} ${wanted}`, `${name} ${found}`)]));
}

/** Held where every finding is as wanted; `what` says in both cases whose findings they are. */
export function outcomeOf(what: string, findings: readonly Finding[]): StepOutcome {
  const missed = findings.filter(({ met }) => !met);
  if (missed.length === 0) {
    return findings.length === 0
      ? { kind: "held" }
      : { kind: "held", happened: `${what} ${findings.map(({ found }) => found).join(", ")}` };
  }
  return {
    kind: "deviated",
    expected: `${what} ${missed.map(({ wanted }) => wanted).join(", ")}`,
    happened: `${what} ${missed.map(({ found }) => found).join(", ")}`,
  };
}
