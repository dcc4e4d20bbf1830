import type { AllowedRoots, Clock, Outcome, Problem, Rejection, WorkerUseCases } from "@ekm/ekm";
import type { VaultOutcome, VaultPorts } from "@ekm/vault";
import type { Logger } from "pino";

/** What a job handler works with. */
export interface JobContext {
  readonly useCases: WorkerUseCases;
  readonly vault: VaultPorts<Problem>;
  /** Asked again when a job runs: what an account may name, and what lies there, may have changed since the job was asked for. */
  readonly roots: Pick<AllowedRoots, "resolveSource" | "resolveTarget">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly beatEveryMs: number;
  /** Aborts when the process is asked to stop. */
  readonly shutdown: AbortSignal;
}

/** done: the row and the queue say so. give-back: somebody should claim it again. */
export type HandlerEnd = "done" | "give-back";

/** What the roots said against a place; nothing when it is merely another place than it was. */
export const messageOf = (place: Outcome<string, Rejection>): { message?: string } =>
  place.ok ? {} : { message: place.error.message };

/** The problem of a job that did not succeed and was not stopped. */
export const problemOf = (outcome: Extract<VaultOutcome<unknown, Problem>, { kind: "fault" | "key" }>): Problem =>
  outcome.kind === "key" ? outcome.failure : { ...outcome.fault, possibleCauses: [] };
