import path from "node:path";
import type { RunBackup } from "../api.js";
import { outcomeOfError } from "../faults/outcome-of-error.js";
import { throwIfStopped } from "../pacing/stoppable-gate.js";
import { removeEarlierAttempts } from "./remove-earlier-attempts.js";
import { sealTree } from "./seal-tree.js";
import { GenerationFullError, WrittenObjects } from "./sealer.js";

/** Generations tried before it is taken for a bug that each next one is full, too. */
const PASSES = 3;

/**
 * Seals a directory into objects and a manifest, in bounded memory but for the manifest's list. A backup that does not end as
 * `done` takes its objects away again. Nothing it writes is reachable until the caller has recorded the manifest.
 */
export const runBackup: RunBackup = async (ports, request, control) => {
  const source = { ...request, location: path.resolve(request.location) };
  const written = new WrittenObjects(ports.objects);
  let numbers = 0;
  try {
    throwIfStopped(control.signal);
    await removeEarlierAttempts(ports.objects, request);
    for (let pass = 0; pass < PASSES; pass++) {
      const access = await ports.keys.forSealing(request.accountId);
      if (!access.ok) return { kind: "key", failure: access.error };
      try {
        const value = await sealTree(ports, source, control, access.value, written, () => numbers++);
        return { kind: "done", value };
      } catch (error) {
        if (!(error instanceof GenerationFullError)) throw error;
        await written.discard();
      } finally {
        access.value.release();
      }
    }
    throw new Error(`${PASSES} generations in a row were full`);
  } catch (error) {
    await written.discard();
    return outcomeOfError(error);
  }
};
