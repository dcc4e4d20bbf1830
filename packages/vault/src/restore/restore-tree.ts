import { createStaging, type Staging } from "../adapters/directory-target/staging.js";
import type { RestoredBackup, RestoreRequest, VaultPorts } from "../api.js";
import { dataObjectName } from "../format/names.js";
import type { FileEntry, Manifest } from "../manifest/manifest.js";
import { createPacer } from "../pacing/pacer.js";
import { trackProgress } from "../pacing/progress.js";
import { passGate, stoppableGate } from "../pacing/stoppable-gate.js";
import type { JobControl } from "../ports/job-control.js";
import type { AccessibleKey } from "../ports/key-access.js";
import { inParallel } from "../streams/in-parallel.js";
import { createOpener, type Opener } from "./opener.js";
import { readManifest } from "./read-manifest.js";
import type { ReleaseTrace } from "./release-trace.js";
import { restoreObject } from "./restore-object.js";

/** Objects that are opened at a time; one, when the job is held to a rate, so that the rate is kept frame by frame. */
const OBJECTS_AT_A_TIME = 4;

/** Restores under one key. Throws what outcomeOfError knows; the target appears, whole, as the last thing it does. */
export async function restoreTree(
  ports: Pick<VaultPorts<unknown>, "objects" | "clock" | "ciphers">,
  request: RestoreRequest,
  control: JobControl,
  key: AccessibleKey,
  trace: ReleaseTrace,
): Promise<RestoredBackup> {
  const gate = stoppableGate(key.gate, control.signal);
  const opener = createOpener(request, ports, key);
  const manifest = await readManifest(request, opener, gate);
  const staging = await createStaging(request.target, request.restoreId, request.overwrite);
  try {
    await fill(staging, manifest, { ports, control, key, opener, trace });
    await passGate(gate); // the last question: a target appears only under a lease that is still alive
    await staging.publish();
  } catch (error) {
    await staging.wipe();
    throw error;
  }
  const { bytesReleased, lastByteReleasedAt = ports.clock.now() } = trace.snapshot();
  return { contentDigest: manifest.contentDigest, bytesReleased, lastByteReleasedAt };
}

interface FillContext {
  readonly ports: Pick<VaultPorts<unknown>, "clock">;
  readonly control: JobControl;
  readonly key: AccessibleKey;
  readonly opener: Opener;
  readonly trace: ReleaseTrace;
}

async function fill(staging: Staging, manifest: Manifest, { ports, control, key, opener, trace }: FillContext): Promise<void> {
  const { header, objects, entries } = manifest;
  const gate = stoppableGate(key.gate, control.signal);
  const files = entries.filter((entry) => entry.type === "file");
  const directories = entries.filter((entry) => entry.type === "directory");
  const progress = trackProgress(control, {
    bytes: files.reduce((sum, file) => sum + BigInt(file.size), 0n),
    items: BigInt(files.length),
  });
  const pacer = createPacer(ports.clock, control.maxBytesPerSecond, control.signal, () => passGate(gate));
  for (const { path } of directories) {
    await passGate(gate);
    await staging.makeDirectory(path);
  }
  const filesOf = new Map<number, FileEntry[]>(objects.map(({ number }) => [number, []]));
  for (const file of files) filesOf.get(file.object)?.push(file);
  const width = control.maxBytesPerSecond === undefined ? OBJECTS_AT_A_TIME : 1;
  await inParallel(filesOf, width, control.signal, async ([number, members], signal) => {
    const ownGate = stoppableGate(key.gate, signal);
    const plaintext = opener.open(dataObjectName(header, number), ownGate, { digest: members.length === 1 });
    await restoreObject(plaintext, members, ownGate, { staging, pacer, progress, trace });
  });
  await staging.finishDirectories([{ path: "", ...header.root }, ...directories]);
}
