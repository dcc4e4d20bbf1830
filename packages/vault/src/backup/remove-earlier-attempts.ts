import { ignoringStorage } from "../faults/ignoring-storage.js";
import { type Attempt, backupPrefix } from "../format/names.js";
import type { ObjectStore } from "../ports/object-store.js";

const FENCE = /^[0-9]{1,15}$/;

/**
 * Best effort: takes away what processes that died have left of this backup. Only attempts of a lower fence: they can never
 * commit any more. A higher one may be at work, when it is we who are the stale owner.
 */
export async function removeEarlierAttempts(objects: ObjectStore, of: Attempt): Promise<void> {
  if (!FENCE.test(of.attempt)) return;
  const prefix = backupPrefix(of);
  await ignoringStorage(
    (async () => {
      for await (const name of objects.list(prefix)) {
        const attempt = name.slice(prefix.length).split("/")[0] ?? "";
        if (FENCE.test(attempt) && Number(attempt) < Number(of.attempt)) await objects.delete(name);
      }
    })(),
  );
}
