import type { Experiment } from "../experiments/schema.js";
import { expectedInWords } from "./expected.js";
import { prepare } from "./given/prepare.js";
import { observedRevocations } from "./measure/observed-revocations.js";
import { isWithinLimit, revocationInWords } from "./measure/revocation.js";
import { HarnessFailure } from "./outcome.js";
import type { ExperimentResult, PhaseName, StepRecord, Verdict } from "./result.js";
import { STEP_KINDS, type Step } from "./steps/registry.js";
import { chosen } from "./steps/step.js";
import type { Target } from "./target.js";
import { World } from "./world.js";

export interface RunOptions {
  /** Unique on the target. */
  readonly id: string;
  readonly seed: number;
  /** Interrupts what runs; the rollback runs all the same. */
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

const ROLLBACK_MS = 120_000;
const LOG_LINES = 25;
/** In the one line that sums an experiment up; the reports have them all. */
const MOST_FINDINGS = 5;

/** given, steady state, method, rollback, steady state again. Never throws: whatever goes wrong is in the result. */
export async function runExperiment(experiment: Experiment, target: Target, options: RunOptions): Promise<ExperimentResult> {
  const startedAt = Date.now();
  const world = new World(target, options.id, options.signal);
  const steps: StepRecord[] = [];
  const record = async (phase: PhaseName, text: string, act: () => Promise<StepRecord["outcome"]>): Promise<boolean> => {
    options.progress(`${phase}: ${text}`);
    const from = Date.now();
    const outcome = await act().catch((error: unknown) => ({ kind: "failed", reason: reasonOf(error, options.signal) }) as const);
    steps.push({ phase, text, at: from, seconds: (Date.now() - from) / 1000, outcome });
    return outcome.kind === "held";
  };
  /** Stops at the first step that does not hold, except in a rollback, which undoes what it can. */
  const runPhase = async (phase: PhaseName, list: readonly Step[]): Promise<boolean> => {
    let held = true;
    for (const step of list) {
      const kind = chosen(STEP_KINDS, step);
      held = (await record(phase, kind.describe(step), () => kind.run(step, world))) && held;
      if (!held && phase !== "rollback") break;
    }
    return held;
  };

  const recovers = experiment.outcome === "recovers";
  const prepared = await record("given", "what the experiment starts from", async () => {
    await world.refusals.open(target.control);
    world.atEnd(async () => world.refusals.close());
    await prepare(experiment.given, world, options.seed, (text) => options.progress(`given: ${text}`));
    return { kind: "held" };
  });
  if (prepared && (await runPhase("steady-state before", experiment["steady-state"]))) {
    const methodBeganAt = Date.now();
    const held = await runPhase("method", experiment.method);
    world.signal = AbortSignal.timeout(ROLLBACK_MS);
    if (held && !options.signal.aborted) steps.push(...(await measured(world, experiment, steps, methodBeganAt)));
    const undone = await runPhase("rollback", experiment.rollback);
    if (held && undone && !options.signal.aborted) {
      if (recovers) await runPhase("steady-state after", experiment["steady-state"]);
      else await runPhase("promised", experiment.promised);
    }
  }
  world.signal = AbortSignal.timeout(ROLLBACK_MS);
  await world.end().catch((error: unknown) => steps.push(cleanUpRecord(error)));
  const result = summarise(experiment, steps, target, startedAt);
  // Nobody looks for a fault of the product in a run that was cut short.
  return options.signal.aborted ? { ...result, logs: [] } : result;
}

/**
 * How long plaintext went on, where no step has measured that itself. Beside what the experiment asks for: where it cannot be told,
 * nothing is missing.
 */
async function measured(
  world: World,
  experiment: Experiment,
  steps: readonly StepRecord[],
  methodBeganAt: number,
): Promise<readonly StepRecord[]> {
  if (steps.some(({ outcome }) => "revocation" in outcome && outcome.revocation)) return [];
  const at = Date.now();
  const revocations = await observedRevocations(world, experiment, methodBeganAt).catch(() => []);
  return revocations.map((revocation) => {
    const happened = revocationInWords(revocation);
    const text = `how long plaintext of ${revocation.job} went on`;
    const outcome: StepRecord["outcome"] = isWithinLimit(revocation)
      ? { kind: "held", happened, revocation }
      : { kind: "deviated", expected: "no plaintext after the revocation window", happened, revocation };
    return { phase: "method", text, at, seconds: (Date.now() - at) / 1000, outcome };
  });
}

function summarise(experiment: Experiment, steps: readonly StepRecord[], target: Target, startedAt: number): ExperimentResult {
  const exits = [target.stack?.gateway, target.stack?.worker].flatMap((process) => process?.unexpectedExit ?? []);
  // The first one tells: clean-up that fails after a deviation does not take back what was seen.
  const wrong = steps.find(({ outcome }) => outcome.kind === "failed" || outcome.kind === "deviated");
  const deviation = wrong?.outcome.kind === "deviated" ? wrong.outcome : undefined;
  const verdict: Verdict = deviation ? "deviated" : wrong ? "harness failed" : "as expected";
  const processes = [target.stack?.gateway, target.stack?.worker];
  return {
    name: experiment.name,
    title: experiment.title,
    verdict,
    expected: deviation ? deviation.expected : expectedInWords(experiment),
    happened: [wrong ? whatWentWrong(wrong) : whatHappened(steps), ...exits].join("; "),
    startedAt,
    seconds: (Date.now() - startedAt) / 1000,
    steps,
    logs: wrong
      ? processes.flatMap((process) => process?.lastLines(LOG_LINES).map((line) => `${process.name}: ${line}`) ?? [])
      : [],
  };
}

function whatWentWrong({ phase, text, outcome }: StepRecord): string {
  if (outcome.kind === "failed") return `${phase}, ${text}: ${outcome.reason}`;
  return outcome.kind === "deviated" ? `${phase}: ${outcome.happened}` : "";
}

/** What the method brought to light, each once, and whether the way back was found. */
function whatHappened(steps: readonly StepRecord[]): string {
  const seen = steps
    .filter(({ phase }) => phase === "method")
    .flatMap(({ outcome }) => (outcome.kind === "held" && outcome.happened !== undefined ? [outcome.happened] : []));
  const different = [...new Set(seen)];
  const shown = different.slice(0, MOST_FINDINGS);
  if (different.length > shown.length) shown.push(`${different.length - shown.length} more`);
  if (steps.some(({ phase }) => phase === "steady-state after")) shown.push("recovered");
  return shown.join("; ");
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "interrupted";
  if (error instanceof HarnessFailure) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function cleanUpRecord(error: unknown): StepRecord {
  const reason = error instanceof Error ? error.message : String(error);
  return { phase: "rollback", text: "cleaning up", at: Date.now(), seconds: 0, outcome: { kind: "failed", reason } };
}
