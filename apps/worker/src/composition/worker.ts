import { availableParallelism } from "node:os";
import { createCipherPool, createLeaseKeeper } from "@ekm/crypto-core";
import {
  blameOurselves,
  type CheckpointArchive,
  createEpochWatch,
  createIds,
  createKeyring,
  createWorkerUseCases,
  type Ports,
  type Problem,
  recordingStore,
  type Signer,
} from "@ekm/ekm";
import { CALL_LIMITS, createKmsAws } from "@ekm/kms-aws";
import { openEpochReader, openStore, openWhenFree } from "@ekm/persistence";
import { createAllowedRoots, createFileObjectStore, createKeyRecords } from "@ekm/vault";
import type { Logger } from "pino";
import type { Environment } from "../environment.js";
import type { JobContext } from "../jobs/job-context.js";
import { composeDeliveries } from "../webhooks/compose-deliveries.js";
import type { DeliveryLoopContext } from "../webhooks/delivery-loop.js";
import { checkpointArchive } from "./checkpoint-archive.js";
import { composeClocks } from "./clock.js";
import { readSigner } from "./signer.js";
import { sweepLeftovers } from "./sweep-leftovers.js";

const BEAT_MS = 250;
const CALLS_AT_ONCE_PER_KEY = 32;

export interface Worker {
  readonly ports: Ports;
  readonly context: JobContext;
  readonly signer: Signer;
  /** Where audit checkpoints go. */
  readonly archive: CheckpointArchive;
  /** Null: webhooks are not set up here. */
  readonly deliveries: Pick<DeliveryLoopContext, "claim" | "deliver"> | null;
  close(): Promise<void>;
}

/**
 * Wires the data plane: adapters on the ports, the keyring over leases and the lock watch of this process's own. Throws
 * StoreBusyError when another process has held the database throughout its patience, or until shutdown.
 */
export async function composeWorker(env: Environment, log: Logger, shutdown: AbortSignal): Promise<Worker> {
  const { clock, leaseClock } = composeClocks(env.EKM_CLOCK_OFFSET_FILE);
  const ids = createIds(clock);
  const signer = await readSigner(env.EKM_SIGNING_KEY);
  const opened = await openWhenFree(() => openStore({ sqlitePath: env.EKM_DATABASE, clock, ids }), {
    clock,
    patienceMs: env.EKM_DATABASE_PATIENCE_SECONDS * 1000,
    signal: shutdown,
    onBusy: (waitedMs) => log.warn({ waitedMs }, "another process holds the database; waiting for it before work begins"),
  });
  const store = recordingStore(opened, clock);
  const objects = createFileObjectStore(env.EKM_STORE_DIR);
  const roots = createAllowedRoots({ roots: env.EKM_ALLOWED_ROOTS, restoreRoot: env.EKM_RESTORE_ROOT });
  await sweepLeftovers({ store, objects, roots, log });
  const epochs = await openEpochReader({ sqlitePath: env.EKM_DATABASE });
  const kms = createKmsAws({
    ...(env.EKM_KMS_ENDPOINT === undefined ? {} : { endpoint: env.EKM_KMS_ENDPOINT }),
    region: env.AWS_REGION,
    allowedRegions: env.EKM_ALLOWED_REGIONS,
    vendorAccountId: env.EKM_VENDOR_AWS_ACCOUNT_ID,
    vendorPrincipalArn: env.EKM_VENDOR_PRINCIPAL_ARN,
    accountSessions: env.EKM_ACCOUNT_SESSIONS === "true",
    ...CALL_LIMITS,
    concurrency: CALLS_AT_ONCE_PER_KEY,
    logger: log,
  });
  const ports: Ports = {
    store,
    clock,
    ids,
    keyService: blameOurselves(kms.keyService, {
      clock,
      onChange: (ours) =>
        log.error({ ours }, ours ? "many unrelated customers are denied at once: our side is at fault" : "denials are over"),
    }),
    vendorKeys: kms.vendorKeys,
    keyRecords: createKeyRecords(objects),
    roots,
    settings: {
      leaseSeconds: env.EKM_KEY_LEASE_SECONDS,
      healthIntervalSeconds: env.EKM_HEALTH_INTERVAL_SECONDS,
      allowedRegions: env.EKM_ALLOWED_REGIONS,
      databaseRetentionDays: env.EKM_DATABASE_RETENTION_DAYS,
    },
  };
  const deliveries = await composeDeliveries(env, ports);
  const leases = createLeaseKeeper<Problem>({ clock: leaseClock, durationMs: env.EKM_KEY_LEASE_SECONDS * 1000 });
  const watch = createEpochWatch({
    readEpochs: epochs.keyEpochs,
    leases,
    clock,
    onReadError: (error) =>
      log.warn({ err: error }, "key epochs cannot be read; no frame flows while they are older than a second"),
  });
  const ciphers = createCipherPool({ threads: availableParallelism() });
  const context: JobContext = {
    useCases: createWorkerUseCases({ ...ports, signer }),
    vault: { objects, keys: createKeyring(ports, leases, watch), clock, ciphers },
    roots,
    clock,
    log,
    beatEveryMs: BEAT_MS,
    shutdown,
  };
  const archiveIn = env.EKM_CHECKPOINT_DIR;
  return {
    ports,
    context,
    signer,
    deliveries,
    archive: checkpointArchive(archiveIn === undefined ? objects : createFileObjectStore(archiveIn)),
    async close() {
      leases.close();
      watch.close();
      await ciphers.close();
      kms.close();
      await epochs.close();
      await store.close();
    },
  };
}
