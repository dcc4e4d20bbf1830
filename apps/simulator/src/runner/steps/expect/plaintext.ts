import { z } from "zod";
import { formatDuration } from "../../../experiments/duration.js";
import { labelName, moment } from "../../../experiments/fields.js";
import type { Backup, Job, Restore } from "../../../product/types.js";
import { isFinal, type TrackedJob } from "../../jobs.js";
import { isWithinLimit, type Revocation, revocationInWords } from "../../measure/revocation.js";
import { HarnessFailure, type StepOutcome } from "../../outcome.js";
import type { World } from "../../world.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({ plaintext: labelName, "none-after": moment }).meta({
  description:
    "After that moment no byte of plaintext reached the restore's target, or no frame of the backup was sealed. The job must have been in flight at the act, else nothing is concluded.",
});

/** Watched this much longer than the promise, so that a byte that comes too late is seen. */
const AFTERWARDS_MS = 300;
const ENDS_MS = 30_000;

export const expectPlaintext: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "plaintext",
  schema,
  describe: (step) => `no plaintext of ${step.plaintext.name} after ${step["none-after"].label} and the window`,
  async run(step, world) {
    const job = world.jobs.labelled(step.plaintext);
    const { label: act = "", plus } = step["none-after"];
    const t0 = world.momentMs({ label: act, plus: { ms: 0, named: [] } });
    const limitMs = world.spanMs(plus);
    await world.sleep(t0 + limitMs + AFTERWARDS_MS - Date.now());
    const ended = await world.jobs.waitFor(job, isFinal, Date.now() + ENDS_MS);
    mustHaveBeenInFlight(world, job, ended, { act, t0, name: step.plaintext.name });
    const revocation: Revocation = {
      job: step.plaintext.name,
      act,
      t0,
      t1: world.refusals.firstAfter(world.keyArnOf(job.account) ?? "", t0),
      t2: lastPlaintext(job, ended),
      limitMs,
      measuredBy: job.writes ? "harness" : "self-reported",
    };
    job.writes?.stop();
    const happened = revocationInWords(revocation);
    return isWithinLimit(revocation)
      ? { kind: "held", happened, revocation }
      : { kind: "deviated", expected: `no plaintext later than ${formatDuration(limitMs)} after ${act}`, happened, revocation };
  },
};

/** The later of what we saw and what the product says: neither may hide what the other knows. */
function lastPlaintext({ writes }: TrackedJob, ended: Job): number | undefined {
  const { lastByteReleasedAt, lastSealedAt } = ended as Partial<Restore & Backup>;
  const said = [lastByteReleasedAt, lastSealedAt].flatMap((at) => (at ? [Date.parse(at)] : []));
  const times = [...said, ...(writes?.lastWriteAt === undefined ? [] : [writes.lastWriteAt])];
  return times.length > 0 ? Math.max(...times) : undefined;
}

function mustHaveBeenInFlight(
  world: World,
  job: TrackedJob,
  ended: Job,
  { act, t0, name }: { readonly act: string; readonly t0: number; readonly name: string },
): void {
  const before = world.jobs.inFlightAt(act, job);
  const total = before?.progress.bytesTotal ?? null;
  const finishedAt = ended.finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(ended.finishedAt);
  // A lock of ours may stop the job before its answer reaches us: only what came to its own end first proves nothing.
  const cameToItsEnd = ended.status === "SUCCEEDED" && finishedAt < t0;
  const isInFlight =
    before?.status === "RUNNING" &&
    BigInt(before.progress.bytesDone) > 0n &&
    (total === null || BigInt(before.progress.bytesDone) < BigInt(total)) &&
    !cameToItsEnd;
  if (isInFlight) return;
  const seen = before
    ? `${before.status} with ${before.progress.bytesDone} of ${total ?? "unknown"} bytes done`
    : "not running, or the act has no label";
  throw new HarnessFailure(`The situation never arose: at ${act}, ${name} was ${seen}.`);
}
