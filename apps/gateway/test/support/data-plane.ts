import { generateKeyPairSync } from "node:crypto";
import { createLeaseKeeper, systemLeaseClock } from "@ekm/crypto-core";
import { createIds, createKeyring, createWorkerUseCases, ed25519Signer, type Job, type Problem, systemClock } from "@ekm/ekm";
import { createFileObjectStore, type JobControl, runBackup, runRestore, runVerification, type VaultOutcome } from "@ekm/vault";
import { pino } from "pino";
import { composeKeys } from "../../src/composition/keys.js";
import { composeStorage } from "../../src/composition/storage.js";
import type { Environment } from "../../src/environment.js";

const LEASE_MS = 60_000;

/**
 * What a worker does, one job after another and only when asked: so that a test sees jobs before, and after. The vault, the
 * keyring and KMS are the real ones.
 */
export async function createDataPlane(environment: Environment) {
  const clock = systemClock;
  const ids = createIds(clock);
  const storage = await composeStorage(environment, clock, ids);
  const kms = composeKeys(environment, pino({ level: "silent" }));
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const ports = {
    ...storage,
    clock,
    ids,
    keyService: kms.keyService,
    vendorKeys: kms.vendorKeys,
    settings: environment.settings,
    signer: ed25519Signer(privateKey),
  };
  const leases = createLeaseKeeper<Problem>({ clock: systemLeaseClock, durationMs: environment.settings.leaseSeconds * 1000 });
  const vault = { objects: createFileObjectStore(environment.store.objectsDirectory), keys: createKeyring(ports, leases), clock };
  const work = createWorkerUseCases(ports);
  const control: JobControl = { signal: new AbortController().signal, progress: () => {} };

  const failureOf = (outcome: Exclude<VaultOutcome<unknown, Problem>, { kind: "done" }>) => {
    if (outcome.kind === "stopped") return { status: "CANCELLED" } as const;
    const problem: Problem = outcome.kind === "key" ? outcome.failure : { ...outcome.fault, possibleCauses: [] };
    return { status: "FAILED", problem } as const;
  };

  const run = {
    async BACKUP(job: Job) {
      const begun = await work.beginBackup(job);
      if (begun === null) return;
      const { backup, source } = begun;
      const { accountId, id: backupId } = backup;
      const request = { accountId, backupId, attempt: String(job.fence), location: source.location, kind: source.kind };
      const outcome = await runBackup(vault, request, control);
      await work.finishBackup(job, outcome.kind === "done" ? { status: "SUCCEEDED", ...outcome.value } : failureOf(outcome));
    },
    async RESTORE(job: Job) {
      const begun = await work.beginRestore(job);
      if (begun === null) return;
      const { restore, backup } = begun;
      const { generation, manifest } = backup;
      const { accountId, target, overwrite, id: restoreId } = restore;
      const request = { accountId, backupId: backup.id, restoreId, generation, manifest, target, overwrite };
      const { trace, ...outcome } = await runRestore(vault, request, control);
      await work.finishRestore(
        job,
        outcome.kind === "done" ? { status: "SUCCEEDED", ...outcome.value } : { ...failureOf(outcome), ...trace },
      );
    },
    async VERIFICATION(job: Job) {
      const begun = await work.beginVerification(job);
      if (begun === null) return;
      const { verification, backup } = begun;
      const { generation, manifest, accountId } = backup;
      const { samplePercent, id: seed } = verification;
      const outcome = await runVerification(
        vault,
        { accountId, backupId: backup.id, generation, manifest, samplePercent, seed },
        control,
      );
      await work.finishVerification(
        job,
        outcome.kind === "done" ? { status: "SUCCEEDED", ...outcome.value } : failureOf(outcome),
      );
    },
    SUPERSEDE: async (job: Job) => void (await work.supersede(job)),
    ROTATION: async (job: Job) => void (await work.rotate(job, control.signal)),
  };
  const kinds = Object.keys(run) as (keyof typeof run)[];

  return {
    /** Signs the retirement certificates. */
    signingKey: publicKey,
    /** All that is queued, and what that queues, to its end. */
    async runAll(): Promise<void> {
      for (;;) {
        const job = await storage.store.transaction((tx) => tx.jobs.claim("test", kinds, LEASE_MS));
        if (job === null) return;
        await run[job.kind](job);
      }
    },
    async close(): Promise<void> {
      leases.close();
      kms.close();
      await storage.store.close();
    },
  };
}

export type DataPlane = Awaited<ReturnType<typeof createDataPlane>>;
