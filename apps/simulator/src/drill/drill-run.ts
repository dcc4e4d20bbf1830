import type { Backup, Job, Restore } from "../product/types.js";
import type { WriteWatch } from "../runner/measure/watch-writes.js";
import { HarnessFailure, type StepOutcome } from "../runner/outcome.js";
import type { PhaseName, StepRecord } from "../runner/result.js";
import type { AwsLog } from "./aws-log.js";
import type { Canary } from "./canary.js";
import type { NotedJob } from "./findings.js";
import type { Effective, KeyOwner } from "./key-owner.js";
import type { RestoresInFlight } from "./restores-in-flight.js";
import type { Subject } from "./subject.js";

export interface DrillOptions {
  readonly subject: Subject;
  readonly owner: KeyOwner;
  readonly log?: AwsLog;
  readonly makeCanary: () => Promise<Canary>;
  /** Interrupts what runs; the key is enabled again all the same. */
  readonly signal: AbortSignal;
  /** The sessions of `subject` ask for theirs at each request: it is another one once the drill is being undone. */
  readonly useSignal: (signal: AbortSignal) => void;
  readonly progress: (step: StepRecord) => void;
  /** How long an owner who is asked may take for each act. */
  readonly waitMs: number;
}

/** One drill under way: what its phases leave to one another. */
export class DrillRun {
  readonly steps: StepRecord[] = [];
  readonly jobs: NotedJob[] = [];
  signal: AbortSignal;
  canary: Canary | undefined;
  baseline: Backup | undefined;
  inFlight: RestoresInFlight | undefined;
  watch: WriteWatch | undefined;
  disabled: Effective | undefined;
  enabled: Effective | undefined;
  recoveredAt: number | undefined;
  keyMayBeDisabled = false;

  constructor(readonly options: DrillOptions) {
    this.signal = options.signal;
  }

  get subject(): Subject {
    return this.options.subject;
  }

  /** Does it and keeps what came of it; answers whether it held. What is thrown says nothing about the product. */
  async step(phase: PhaseName, text: string, act: () => Promise<StepOutcome>): Promise<boolean> {
    const at = Date.now();
    const outcome = await act().catch((error: unknown) => ({ kind: "failed", reason: this.reasonOf(error) }) as const);
    const record: StepRecord = { phase, text, at, seconds: (Date.now() - at) / 1000, outcome };
    this.steps.push(record);
    this.options.progress(record);
    return outcome.kind === "held";
  }

  note<T extends Job>(role: NotedJob["role"], kind: NotedJob["kind"], job: T): T {
    const { lastByteReleasedAt, lastSealedAt } = job as Partial<Restore & Backup>;
    const { id, status, problem, startedAt, finishedAt } = job;
    const lastPlaintextAt = lastByteReleasedAt ?? lastSealedAt ?? null;
    this.jobs.push({ role, kind, id, status, code: problem?.code ?? null, startedAt, finishedAt, lastPlaintextAt });
    return job;
  }

  private reasonOf(error: unknown): string {
    if (this.signal.aborted) return this.options.signal.aborted ? "interrupted" : "out of time";
    return error instanceof Error ? error.message : String(error);
  }
}

/** What an earlier step was to bring. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new HarnessFailure(`There is no ${what} to go on with.`);
  return value;
}
