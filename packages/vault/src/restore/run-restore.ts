import type { RunRestore, VaultOutcome } from "../api.js";
import { outcomeOfError } from "../faults/outcome-of-error.js";
import { throwIfStopped } from "../pacing/stoppable-gate.js";
import { ReleaseTrace } from "./release-trace.js";
import { restoreTree } from "./restore-tree.js";

/**
 * Restores a backup to a directory that appears whole or not at all: everything is written and verified in a staging directory
 * beside it, which is wiped when anything fails.
 */
export const runRestore: RunRestore = async (ports, request, control) => {
  const trace = new ReleaseTrace(ports.clock);
  const outcome = await answer(async () => {
    throwIfStopped(control.signal);
    const access = await ports.keys.forReading(request.accountId, request.generation);
    if (!access.ok) return { kind: "key", failure: access.error };
    try {
      return { kind: "done", value: await restoreTree(ports, request, control, access.value, trace) };
    } finally {
      access.value.release();
    }
  });
  return { ...outcome, trace: trace.snapshot() };
};

async function answer<T, F>(work: () => Promise<VaultOutcome<T, F>>): Promise<VaultOutcome<T, F>> {
  try {
    return await work();
  } catch (error) {
    return outcomeOfError<F>(error);
  }
}
