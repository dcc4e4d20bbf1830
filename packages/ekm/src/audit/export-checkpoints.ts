import type { CheckpointArchive } from "../ports/checkpoint-archive.js";
import type { Ports } from "../ports/ports.js";
import { checkpointName, forkName, roundName } from "./checkpoint.js";

/**
 * Adds every round that was not exported yet to the archive, the first one first: its checkpoints, then the round that lists them,
 * then the mark in the database. Stopped anywhere it begins again at the same round and adds what is missing. Answers the names
 * that were taken by other documents; ours stand beside them under {@link forkName}. Throws what archive and store throw.
 */
export async function exportCheckpoints({
  store,
  archive,
}: Pick<Ports, "store"> & { readonly archive: CheckpointArchive }): Promise<readonly string[]> {
  const taken: string[] = [];
  const add = async (name: string, { jws, digest }: { readonly jws: string; readonly digest: string }): Promise<void> => {
    if ((await archive.add(name, jws)) !== "other") return;
    await archive.add(forkName(name, digest), jws);
    taken.push(name);
  };
  for (;;) {
    const next = await store.read.checkpoints.firstUnexported();
    if (next === null) return taken;
    for (const checkpoint of next.checkpoints) await add(checkpointName(checkpoint), checkpoint);
    await add(roundName(next.round), next.round);
    await store.transaction((tx) => tx.checkpoints.markExported(next.round.round));
  }
}
