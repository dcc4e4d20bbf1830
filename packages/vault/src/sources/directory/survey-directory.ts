import { VaultError } from "../../faults/vault-error.js";
import { MAX_ENTRIES } from "../../manifest/manifest.js";
import { walkDirectory } from "./walk-directory.js";

/** Total of a first walk, for progress: the tree may still change before it is read. `onEntry` is asked at each step and may throw. */
export async function surveyDirectory(root: string, onEntry: () => void): Promise<{ bytes: bigint; items: bigint }> {
  let bytes = 0n;
  let items = 0n;
  let entries = 0;
  for await (const entry of walkDirectory(root)) {
    onEntry();
    if (++entries > MAX_ENTRIES) throw new VaultError("SOURCE_UNAVAILABLE", `the source holds more than ${MAX_ENTRIES} entries`);
    if (entry.type !== "file") continue;
    bytes += BigInt(entry.size);
    items++;
  }
  return { bytes, items };
}
