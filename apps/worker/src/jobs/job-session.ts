import type { Clock, Job, JobProgress, WorkerUseCases } from "@ekm/ekm";
import type { JobControl, JobStop } from "@ekm/vault";

type Beat = JobProgress & { lastByteReleasedAt?: Date; lastSealedAt?: Date };

/**
 * One running job seen from the worker: keeps its lease alive and its row current, and turns a cancel request, a lost fence
 * or a shutdown into the signal that the data path obeys. Beats are serial; the last known progress is what is written.
 */
export class JobSession {
  readonly control: JobControl;
  readonly #abort = new AbortController();
  readonly #over = new AbortController();
  readonly #beating: Promise<void>;
  #latest: Beat = { bytesDone: 0n, itemsDone: 0n };

  constructor(
    private readonly job: Job,
    private readonly useCases: Pick<WorkerUseCases, "heartbeat">,
    private readonly clock: Clock,
    private readonly beatEveryMs: number,
    private readonly onBeatError: (error: unknown) => void,
    shutdown: AbortSignal,
    maxBytesPerSecond?: bigint,
  ) {
    this.control = {
      signal: this.#abort.signal,
      progress: (update) => {
        this.#latest = update;
      },
      ...(maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond }),
    };
    if (shutdown.aborted) this.#stop("shutting-down");
    else shutdown.addEventListener("abort", () => this.#stop("shutting-down"), { once: true, signal: this.#over.signal });
    this.#beating = this.#beat();
  }

  /** Why the data path was told to stop, if it was. */
  get stop(): JobStop | undefined {
    return this.#abort.signal.aborted ? (this.#abort.signal.reason as JobStop) : undefined;
  }

  /** Ends the beats and waits for the one under way, so that the outcome is the row's last write. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#beating;
  }

  async #beat(): Promise<void> {
    while (true) {
      await this.clock.sleep(this.beatEveryMs, this.#over.signal);
      if (this.#over.signal.aborted) return;
      try {
        const answer = await this.useCases.heartbeat(this.job, this.#latest);
        if (answer === "cancel") this.#stop("cancelled");
        if (answer === "fence-lost") this.#stop("fence-lost");
      } catch (error) {
        // The job's own lease decides what a lasting failure means: another worker takes over and this fence is lost.
        this.onBeatError(error);
      }
    }
  }

  #stop(reason: JobStop): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(reason);
  }
}
