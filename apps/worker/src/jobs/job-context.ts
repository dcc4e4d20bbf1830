import type { Clock, Problem, WorkerUseCases } from "@ekm/ekm";
import type { VaultFault, VaultPorts } from "@ekm/vault";
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

export const problemOf = (fault: VaultFault): Problem => ({ code: fault.code, message: fault.message, possibleCauses: [] });
