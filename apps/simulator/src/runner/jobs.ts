import type { Reference } from "../experiments/fields.js";
import { readJob } from "../product/jobs.js";
import type { Job, JobKind, JobStatus } from "../product/types.js";
import type { WriteWatch } from "./measure/watch-writes.js";
import { HarnessFailure } from "./outcome.js";
import type { AccountHandle, World } from "./world.js";

export interface TrackedJob {
  readonly kind: JobKind;
  readonly id: string;
  readonly account: AccountHandle;
  /** Where a restore was told to put its files. */
  readonly target?: string;
  /** What it writes, where the harness owns the directory and the job has a label. */
  readonly writes?: WriteWatch;
}

const POLL_MS = 40;
const FINAL: readonly JobStatus[] = ["SUCCEEDED", "FAILED", "CANCELLED"];

/** The jobs that an experiment started, in order. */
export class JobLedger {
  private readonly jobs: TrackedJob[] = [];
  private readonly byLabel = new Map<string, TrackedJob>();
  private readonly succeeded = new Map<string, boolean>();
  /** By the label of an act: the jobs that ran just before it, by id. */
  private readonly inFlight = new Map<string, ReadonlyMap<string, Job>>();

  constructor(private readonly world: World) {}

  add(job: TrackedJob, label?: string): TrackedJob {
    this.jobs.push(job);
    if (label !== undefined) this.byLabel.set(label, job);
    return job;
  }

  labelled(reference: Reference<"label"> | Reference<"backup">): TrackedJob {
    const job = this.byLabel.get(reference.name);
    if (!job) throw new HarnessFailure(`No job was started as "${reference.name}".`);
    return job;
  }

  /** A label, or `latest` or `first`: of the backups that succeeded. */
  async backup(reference: Reference<"backup">): Promise<TrackedJob> {
    if (reference.name !== "latest" && reference.name !== "first") return this.labelled(reference);
    const backups = this.jobs.filter(({ kind }) => kind === "backup");
    for (const backup of reference.name === "latest" ? backups.reverse() : backups) {
      if (await this.hasSucceeded(backup)) return backup;
    }
    throw new HarnessFailure("No backup has succeeded so far.");
  }

  async read(job: TrackedJob): Promise<Job> {
    const session = await this.world.session("BACKUP_OPERATOR", job.account);
    const answer = await readJob(session, job.kind, job.id);
    if (!answer.ok) throw new HarnessFailure(`Reading the ${job.kind} failed: ${answer.error.code} ${answer.error.message}`);
    if (!answer.data.node) throw new HarnessFailure(`The ${job.kind} ${job.id} is no longer there.`);
    return answer.data.node;
  }

  /** The job once it has that status, or has ended otherwise, or once the time is over. */
  async waitFor(job: TrackedJob, reached: (job: Job) => boolean, deadline: number): Promise<Job> {
    for (;;) {
      const state = await this.read(job);
      if (isFinal(state)) this.succeeded.set(job.id, state.status === "SUCCEEDED");
      if (reached(state) || isFinal(state) || Date.now() >= deadline) return state;
      await this.world.sleep(POLL_MS);
    }
  }

  /** Jobs that have a label and have not ended, as they are now. */
  async running(): Promise<ReadonlyMap<string, Job>> {
    const states = await Promise.all([...this.byLabel.values()].map(async (job) => [job.id, await this.read(job)] as const));
    return new Map(states.filter(([, state]) => !isFinal(state)));
  }
  keepInFlight(act: string, running: ReadonlyMap<string, Job>): void {
    this.inFlight.set(act, running);
  }
  /** How the job was just before that act; undefined: it did not run. */
  inFlightAt(act: string, job: TrackedJob): Job | undefined {
    return this.inFlight.get(act)?.get(job.id);
  }

  private async hasSucceeded(job: TrackedJob): Promise<boolean> {
    const known = this.succeeded.get(job.id);
    if (known !== undefined) return known;
    const state = await this.read(job);
    if (isFinal(state)) this.succeeded.set(job.id, state.status === "SUCCEEDED");
    return state.status === "SUCCEEDED";
  }
}

export function isFinal(job: Job): boolean {
  return FINAL.includes(job.status);
}
