import { GateClosedError } from "@ekm/crypto-core";
import { problem } from "../../src/errors/catalog.js";
import type { Problem } from "../../src/errors/outcome.js";
import type { Job, JobKind } from "../../src/jobs/job.js";
import { requireServable } from "./invariants.js";
import type { Process } from "./process.js";
import { type Session, sealedWith, type World } from "./world.js";

const KINDS: readonly JobKind[] = ["BACKUP", "RESTORE", "ROTATION", "SUPERSEDE"];
const NEVER = new AbortController().signal;

/** A worker looks for a job and begins it. "idle": there was none. */
export async function claimAndBegin(world: World, at: 0 | 1): Promise<"idle" | "worked"> {
  const process = world.worker(at);
  const job = await world.run("claim", () => process.claim(KINDS));
  if (job === null) return "idle";
  if (job === "crashed") return "worked";
  world.fences.set(job.id, job.fence);
  world.note(`${process.name} has ${job.kind} ${job.subjectId}, fence ${job.fence}`);
  const end = await world.run(job.kind, () => begin(world, process, job));
  if (end !== undefined) world.note(`  ${job.kind} ${job.subjectId}: ${end}`);
  return "worked";
}

async function begin(world: World, process: Process, job: Job): Promise<string | undefined> {
  const { worker, keyring } = process;
  switch (job.kind) {
    case "ROTATION":
      await worker.rotate(job, NEVER);
      return (await world.ports.store.read.rotations.byId(job.subjectId))?.status;
    case "SUPERSEDE":
      return (await worker.supersede(job)) ? "superseded" : "later";
    case "BACKUP": {
      if ((await worker.beginBackup(job)) === null) return "nothing to do";
      const key = await keyring.forSealing(job.accountId);
      if (!key.ok) return finishFailed(world, process, job, key.error);
      world.sessions.add({ process, job, key: key.value });
      return undefined;
    }
    default: {
      const begun = await worker.beginRestore(job);
      if (begun === null) return "nothing to do";
      const key = await keyring.forReading(job.accountId, begun.backup.generation);
      if (!key.ok) return finishFailed(world, process, job, key.error);
      world.sessions.add({ process, job, key: key.value });
      return undefined;
    }
  }
}

async function finishFailed(world: World, { worker }: Process, job: Job, cause: Problem): Promise<string> {
  const failed = { status: "FAILED", problem: cause } as const;
  const written =
    job.kind === "BACKUP"
      ? await worker.finishBackup(job, failed)
      : await worker.finishRestore(job, { ...failed, bytesReleased: 0n });
  requireFence(world, job, written);
  return `FAILED ${cause.code}`;
}

/** A job that runs waits for its gate, serves a frame under its key, and beats or ends. */
export async function goOn(world: World, session: Session, mayEnd: boolean): Promise<void> {
  const { process, job } = session;
  const end = await world.run(`${job.kind} ${job.subjectId}`, () => serve(world, session, mayEnd));
  if (end === "crashed" || !world.sessions.has(session)) return;
  world.note(`${process.name}, ${job.kind} ${job.subjectId}: ${end}`);
  if (end !== "served") world.drop(session);
}

async function serve(world: World, session: Session, mayEnd: boolean): Promise<string> {
  const { process, job, key } = session;
  const { worker } = process;
  try {
    while (!key.gate.isOpen()) await key.gate.waitUntilOpen();
  } catch (error) {
    const cause = error instanceof GateClosedError ? (error as GateClosedError<Problem>).reason : problem("INTERNAL");
    return finishFailed(world, process, job, cause);
  }
  requireServable(world, session);
  const { restores, backups } = world.ports.store.read;
  const restore = job.kind === "RESTORE" ? await restores.byId(job.subjectId) : null;
  const backup = await backups.byId(restore?.backupId ?? job.subjectId);
  if (backup === null || !key.gate.isOpen()) return "served";
  requireServable(world, session);
  const bytes = sealedWith(key.key, backup.id);
  const objectName = `${backup.id}/${job.fence}`;
  if (restore === null) world.objects.set(objectName, bytes);
  else {
    const stored = world.objects.get(backup.manifest?.objectName ?? "");
    world.findings.require(stored === bytes, () => `${restore.id} gave other bytes than ${backup.id} had sealed`);
  }
  if (!mayEnd) {
    const beat = await worker.heartbeat(job, { bytesDone: 1n, itemsDone: 1n });
    return beat === "go-on" ? "served" : beat;
  }
  const at = world.ports.clock.now();
  const written =
    restore === null
      ? await worker.finishBackup(job, {
          status: "SUCCEEDED",
          generation: key.generation,
          manifest: { objectName, digest: bytes, version: 1 },
          ...{ bytes: 1n, items: 1n, contentDigest: bytes, lastSealedAt: at },
        })
      : await worker.finishRestore(job, { status: "SUCCEEDED", contentDigest: bytes, bytesReleased: 1n, lastByteReleasedAt: at });
  requireFence(world, job, written);
  return written ? "SUCCEEDED" : "fence lost";
}

/** Only the holder of the last claim may write an end. */
function requireFence(world: World, job: Job, written: boolean): void {
  world.findings.require(
    !written || world.fences.get(job.id) === job.fence,
    () => `${job.kind} ${job.subjectId} was ended under fence ${job.fence}, and ${world.fences.get(job.id)} was claimed since`,
  );
}
