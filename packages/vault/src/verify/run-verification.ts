import type { VaultPorts } from "../api.js";
import { outcomeOfError } from "../faults/outcome-of-error.js";
import { dataObjectName } from "../format/names.js";
import type { FileEntry } from "../manifest/manifest.js";
import { createPacer } from "../pacing/pacer.js";
import { trackProgress } from "../pacing/progress.js";
import { passGate, stoppableGate, throwIfStopped } from "../pacing/stoppable-gate.js";
import type { JobControl } from "../ports/job-control.js";
import type { AccessibleKey } from "../ports/key-access.js";
import { createOpener } from "../restore/opener.js";
import { readManifest } from "../restore/read-manifest.js";
import { inParallel } from "../streams/in-parallel.js";
import type { RunVerification, VerificationRequest, VerifiedBackup } from "./api.js";
import { Damage } from "./damage.js";
import { sampleOf } from "./sample.js";
import { verifyObject } from "./verify-object.js";

/** Objects that are opened at a time; one, when the job is held to a rate. */
const OBJECTS_AT_A_TIME = 4;

/** Throws RangeError for a share outside 1-100. */
export const runVerification: RunVerification = async (ports, request, control) => {
  const { samplePercent, accountId, generation } = request;
  if (!(samplePercent >= 1 && samplePercent <= 100)) throw new RangeError("a sample is 1 to 100 percent");
  try {
    throwIfStopped(control.signal);
    const access = await ports.keys.forReading(accountId, generation);
    if (!access.ok) return { kind: "key", failure: access.error };
    try {
      return { kind: "done", value: await verifyTree(ports, request, control, access.value) };
    } finally {
      access.value.release();
    }
  } catch (error) {
    return outcomeOfError(error);
  }
};

async function verifyTree(
  ports: Pick<VaultPorts<unknown>, "objects" | "clock" | "ciphers">,
  request: VerificationRequest,
  control: JobControl,
  key: AccessibleKey,
): Promise<VerifiedBackup> {
  const gate = stoppableGate(key.gate, control.signal);
  const opener = createOpener(request, ports, key);
  const { header, objects, entries } = await readManifest(request, opener, gate);
  const sample = sampleOf(objects, request.samplePercent, request.seed);
  const filesOf = new Map<number, FileEntry[]>(sample.map(({ number }) => [number, []]));
  for (const entry of entries) if (entry.type === "file") filesOf.get(entry.object)?.push(entry);

  const bytes = sample.reduce((sum, object) => sum + BigInt(object.bytes), 0n);
  const progress = trackProgress(control, { bytes, items: BigInt(sample.length) });
  const pacer = createPacer(ports.clock, control.maxBytesPerSecond, control.signal, () => passGate(gate));
  const width = control.maxBytesPerSecond === undefined ? OBJECTS_AT_A_TIME : 1;
  const damage = new Damage();
  await inParallel(sample, width, control.signal, async (object, signal) => {
    const name = dataObjectName(header, object.number);
    const ownGate = stoppableGate(key.gate, signal);
    const files = filesOf.get(object.number) ?? [];
    await damage.noting(name, () => verifyObject({ name, object, files }, opener, ownGate, { pacer, progress }));
  });
  damage.requireNone(sample.length);
  return { objectsVerified: BigInt(sample.length), bytesVerified: bytes };
}
