import type { FrameGate } from "@ekm/crypto-core";
import { StopError } from "../faults/vault-error.js";
import type { JobStop } from "../ports/job-control.js";

/** Throws StopError once the job is to stop. The signal's reason is a JobStop by the contract of JobControl. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new StopError(signal.reason as JobStop);
}

/** The gate, also closed by the job's stop: a job that waits for its key can be stopped. */
export function stoppableGate(gate: FrameGate, signal: AbortSignal): FrameGate {
  return {
    isOpen: () => !signal.aborted && gate.isOpen(),
    async waitUntilOpen() {
      throwIfStopped(signal);
      let stop = (): void => {};
      const stopped = new Promise<never>((_, reject) => {
        stop = () => reject(new StopError(signal.reason as JobStop));
        signal.addEventListener("abort", stop, { once: true });
      });
      try {
        await Promise.race([gate.waitUntilOpen(), stopped]);
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
  };
}

/** Resolves while frames may flow; waits, or rejects, as the gate does. */
export async function passGate(gate: FrameGate): Promise<void> {
  // Open again after the wait is not open for ever: whoever waited asks anew.
  while (!gate.isOpen()) await gate.waitUntilOpen();
}
