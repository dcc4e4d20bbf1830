import type { Reference } from "../experiments/fields.js";
import { ProductUnreachable } from "../product/graphql.js";
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

  of(account: AccountHandle): readonly TrackedJob[] {
    return this.jobs.filter((job) => job.account === account);
  }

  /** Takes a job out of what `latest` and `first` mean, and names it. */
  setAside(job: TrackedJob, label: string): Reference<"backup"> {
    this.jobs.splice(this.jobs.indexOf(job), 1);
    this.byLabel.set(label, job);
    return { refersTo: "backup", name: label };
  }

  labelled(reference: Reference<"label"> | Reference<"backup">): TrackedJob {
    const job = this.byLabel.get(reference.name);
    if (!job) throw new HarnessFailure(`No job was started as "${reference.name}".`);
    return job;
  }

  /** A label, or `latest` or `first`: of the backups that succeeded; of one account, where it is given. */
  async backup(reference: Reference<"backup">, account?: AccountHandle): Promise<TrackedJob> {
    if (reference.name !== "latest" && reference.name !== "first") return this.labelled(reference);
    const backups = this.jobs.filter((job) => job.kind === "backup" && (account === undefined || job.account === account));
    for (const backup of reference.name === "latest" ? backups.reverse() : backups) {
      if (await this.hasSucceeded(backup)) return backup;
    }
    throw new HarnessFailure("No backup has succeeded so far.");
  }

  ofAccount(account: AccountHandle): readonly TrackedJob[] {
    return [...new Set([...this.jobs, ...this.byLabel.values()])].filter((job) => job.account === account);
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

  /** Jobs that have a label and have not ended, as they are now. Where the gateway does not answer, none is known to run. */
  async running(): Promise<ReadonlyMap<string, Job>> {
    const unknownEnd = [...this.byLabel.values()].filter(({ id }) => !this.succeeded.has(id));
    const states = await Promise.all(
      unknownEnd.map(async (job) => [job.id, await this.read(job).catch(whereUnreachable)] as const),
    );
    return new Map(states.flatMap(([id, state]) => (state && !isFinal(state) ? [[id, state]] : [])));
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

function whereUnreachable(error: unknown): undefined {
  if (!(error instanceof ProductUnreachable)) throw error;
}

export function isFinal(job: Job): boolean {
  return FINAL.includes(job.status);
}
