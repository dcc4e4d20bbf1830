import { createHash } from "node:crypto";
import type { BackupRequest, SealedBackup, VaultPorts } from "../api.js";
import { dataObjectName, manifestObjectName } from "../format/names.js";
import { contentDigest } from "../manifest/content-digest.js";
import { encodeManifest } from "../manifest/encode-manifest.js";
import { MANIFEST_VERSION, type ManifestObject } from "../manifest/manifest.js";
import { createPacer } from "../pacing/pacer.js";
import { trackProgress } from "../pacing/progress.js";
import { passGate, stoppableGate, throwIfStopped } from "../pacing/stoppable-gate.js";
import type { JobControl } from "../ports/job-control.js";
import type { SealingKey } from "../ports/key-access.js";
import { rootOfSource } from "../sources/directory/root-of-source.js";
import { surveyDirectory } from "../sources/directory/survey-directory.js";
import { walkDirectory } from "../sources/directory/walk-directory.js";
import { inParallel } from "../streams/in-parallel.js";
import { type PlannedEntry, planObjects, sealedEntries } from "./plan-objects.js";
import { sealObject } from "./seal-object.js";
import { createSealer, type WrittenObjects } from "./sealer.js";

/** Objects that are sealed at a time; one, when the job is held to a rate, so that the rate is kept frame by frame. */
const OBJECTS_AT_A_TIME = 4;

/** One pass over the source under one generation of the key. Throws what outcomeOfError knows, and GenerationFullError. */
export async function sealTree(
  ports: Pick<VaultPorts<unknown>, "clock" | "ciphers">,
  request: BackupRequest,
  control: JobControl,
  key: SealingKey,
  written: WrittenObjects,
  nextNumber: () => number,
): Promise<SealedBackup> {
  const root = request.location;
  const gate = stoppableGate(key.gate, control.signal);
  const rootAttributes = await rootOfSource(root);
  const total = await surveyDirectory(root, () => throwIfStopped(control.signal));
  const progress = trackProgress(control, total);
  const pacer = createPacer(ports.clock, control.maxBytesPerSecond, control.signal, () => passGate(gate));
  const sealer = createSealer(request, key, ports, gate, written);

  const planned: PlannedEntry[] = [];
  const objects: ManifestObject[] = [];
  const width = control.maxBytesPerSecond === undefined ? OBJECTS_AT_A_TIME : 1;
  await inParallel(planObjects(walkDirectory(root), planned, nextNumber), width, control.signal, async (plan, signal) => {
    const name = dataObjectName(request, plan.number);
    const sealedBytes = await sealObject(
      plan,
      sealer,
      { name, gate: stoppableGate(key.gate, signal) },
      { root, pacer, progress },
    );
    const bytes = plan.files.reduce((sum, file) => sum + (file.sealed?.size ?? 0), 0);
    objects.push({ number: plan.number, bytes, sealedBytes });
  });
  objects.sort((a, b) => a.number - b.number);
  await written.flush(); // before the manifest names them

  const entries = sealedEntries(planned);
  const digest = contentDigest(entries);
  const { accountId, backupId, attempt, kind } = request;
  const header = { accountId, backupId, attempt, generation: key.generation, kind, root: rootAttributes };
  const manifest = encodeManifest({ header, objects, entries, contentDigest: digest });
  const objectName = manifestObjectName(request);
  const stored = createHash("sha256");
  await sealer.put({
    name: objectName,
    plaintextBytes: 0,
    body: manifest,
    flush: "now",
    onSealed: (piece) => stored.update(piece),
  });
  await passGate(gate); // the commit point: the manifest was sealed under a lease that is still alive

  const bytes = objects.reduce((sum, object) => sum + BigInt(object.bytes), 0n);
  return {
    generation: key.generation,
    manifest: { objectName, digest: stored.digest("hex"), version: MANIFEST_VERSION },
    bytes,
    items: BigInt(entries.filter((entry) => entry.type === "file").length),
    contentDigest: digest,
    lastSealedAt: sealer.lastSealedAt,
  };
}
