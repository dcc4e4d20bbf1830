import type { Clock, Problem, WorkerUseCases } from "@ekm/ekm";
import type { VaultOutcome, VaultPorts } from "@ekm/vault";
import type { Logger } from "pino";

/** What a job handler works with. */
export interface JobContext {
  readonly useCases: WorkerUseCases;
  readonly vault: VaultPorts<Problem>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly beatEveryMs: number;
  /** Aborts when the process is asked to stop. */
  readonly shutdown: AbortSignal;
}

/** done: the row and the queue say so. give-back: somebody should claim it again. */
export type HandlerEnd = "done" | "give-back";

/** The problem of a job that did not succeed and was not stopped. */
export const problemOf = (outcome: Extract<VaultOutcome<unknown, Problem>, { kind: "fault" | "key" }>): Problem =>
  outcome.kind === "key" ? outcome.failure : { ...outcome.fault, possibleCauses: [] };
