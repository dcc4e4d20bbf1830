import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { restoreRoots, type WriteWatch, watchWrites } from "../../runner/measure/watch-writes.js";
import { HarnessFailure, type StepOutcome } from "../../runner/outcome.js";
import { type DrillRun, known } from "../drill-run.js";
import { effectiveInWords } from "../effective-in-words.js";
import { mustBeRefused, REFUSAL } from "../judge-job.js";
import { judgeRevocation } from "../judge-revocation.js";
import { readHealth } from "../key-health.js";
import { restoreInFlight, type SeenRestore } from "../restores-in-flight.js";
import { backUp, restore } from "../settled-job.js";

/** Watched this much longer than the promise, so that a byte that comes too late is seen. */
const AFTERWARDS_MS = 300;
/** A restore that has not ended by then after the window is cancelled. */
const STOPS_MS = 15_000;

/** A restore in flight, the key off, and everything that must be refused from then on. */
export async function revoke(run: DrillRun): Promise<void> {
  const { owner } = run.options;
  const begun = await run.step("method", "a slow restore of the canary is in flight", () => beginRestores(run));
  if (!begun) return;
  const acted = await run.step("method", owner.isPerson ? "the owner disables the key" : "disable the key", async () => {
    run.keyMayBeDisabled = true;
    run.disabled = await owner.disable(run.signal);
    return { kind: "held", happened: effectiveInWords(run.disabled) };
  });
  if (!acted) return;
  let restores: readonly SeenRestore[] = [];
  await run.step("method", `the restore in flight fails with ${REFUSAL}`, async () => {
    restores = await endOfRestores(run);
    return judgeInFlight(run);
  });
  await run.step("method", "no plaintext after the revocation window", () => judgePlaintext(run, restores));
  await run.step("method", `a new backup fails with ${REFUSAL}`, async () => {
    const { sourceId } = known(run.canary, "canary");
    return mustBeRefused("the backup", run.note("while disabled", "backup", await backUp(run.subject, sourceId, run.signal)));
  });
  await run.step("method", `a new restore fails with ${REFUSAL}`, async () => {
    const { id } = known(run.baseline, "backup");
    const ended = await restore(run.subject, id, run.canary?.local?.target, run.signal);
    return mustBeRefused("the restore", run.note("while disabled", "restore", ended));
  });
  await run.step("method", "the product shows the key as unusable, and why", () => judgeHealth(run));
}

async function beginRestores(run: DrillRun): Promise<StepOutcome> {
  const { local, bytesPerSecond } = known(run.canary, "canary");
  const { id, bytes } = known(run.baseline, "backup");
  if (local) run.watch = watchWrites(restoreRoots(dirname(local.target), basename(local.target)));
  run.inFlight = restoreInFlight({
    subject: run.subject,
    backupId: id,
    target: local?.target,
    bytesPerSecond: bytesPerSecond(Number(bytes ?? 0)),
    signal: run.signal,
  });
  await run.inFlight.begun();
  return { kind: "held" };
}

async function endOfRestores(run: DrillRun): Promise<readonly SeenRestore[]> {
  const { latest } = known(run.disabled, "time of the act");
  const restores = await known(run.inFlight, "restore").end(latest + run.subject.windowMs + STOPS_MS);
  for (const { state } of restores) run.note("in flight", "restore", state);
  return restores;
}

function judgeInFlight(run: DrillRun): StepOutcome {
  const running = known(run.inFlight, "restore").at(known(run.disabled, "time of the act").latest);
  if (!running) throw new HarnessFailure("The situation never arose: no restore was in flight when the key was disabled.");
  return mustBeRefused("the restore in flight", running.state);
}

async function judgePlaintext(run: DrillRun, restores: readonly SeenRestore[]): Promise<StepOutcome> {
  const disabled = known(run.disabled, "time of the act");
  const { windowMs } = run.subject;
  await sleep(Math.max(0, disabled.latest + windowMs + AFTERWARDS_MS - Date.now()), undefined, { signal: run.signal });
  run.watch?.stop();
  const { log } = run.options;
  return judgeRevocation(disabled, {
    // Without AWS's own log, the time at which the product first says that it was refused.
    t1: log ? log.firstRefusalAfter(disabled.earliest) : disabled.latest,
    t2: lastPlaintext(restores, run.watch),
    limitMs: windowMs,
    measuredBy: run.watch ? "harness" : "self-reported",
  });
}

async function judgeHealth({ subject }: DrillRun): Promise<StepOutcome> {
  const { state, code } = await readHealth(subject.admin, subject.accountId);
  const [expected, happened] = [`UNUSABLE ${REFUSAL}`, [state, code].filter(Boolean).join(" ")];
  return happened === expected ? { kind: "held", happened } : { kind: "deviated", expected, happened };
}

/** The later of what was seen and what the product says: neither may hide what the other knows. */
function lastPlaintext(restores: readonly SeenRestore[], watch: WriteWatch | undefined): number | undefined {
  const said = restores.flatMap(({ state }) => (state.lastByteReleasedAt ? [Date.parse(state.lastByteReleasedAt)] : []));
  const times = watch?.lastWriteAt === undefined ? said : [...said, watch.lastWriteAt];
  return times.length > 0 ? Math.max(...times) : undefined;
}
