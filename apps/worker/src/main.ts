import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { JOB_LEASE_MS, probeRoundMs, StoreBusyError, takeCheckpoints } from "@ekm/ekm";
import { DATABASE_HELD } from "@ekm/persistence";
import { pino } from "pino";
import { composeWorker } from "./composition/worker.js";
import { EnvironmentError, readEnvironment } from "./environment.js";
import { checkpointLoop } from "./loops/checkpoint-loop.js";
import { healthLoop } from "./loops/health-loop.js";
import { housekeepingLoop } from "./loops/housekeeping-loop.js";
import { jobLoop } from "./loops/job-loop.js";
import { deletionReminderLoop } from "./webhooks/deletion-reminder-loop.js";
import { deliveryLoop } from "./webhooks/delivery-loop.js";

const IDLE_MS = 100;
const HEALTH_BATCH = 50;
const HOUSEKEEPING_MS = 5 * 60_000;
const CHECKPOINT_LOOK_MS = 10_000;
const REMINDER_MS = 60_000;
const DELIVERY_IDLE_MS = 250;
/** A webhook's attempt has ended long before another worker takes it up. */
const DELIVERY_MARGIN_MS = 15_000;

const EXIT_FAILED = 1;
const EXIT_BAD_ENVIRONMENT = 2;
/** As EX_TEMPFAIL of sysexits.h: nothing is wrong here, and starting again may work. */
const EXIT_DATABASE_HELD = 75;

async function main(): Promise<void> {
  const env = readEnvironment();
  const log = pino({ level: env.EKM_LOG_LEVEL, name: "worker" }, pino.destination(2));
  const shutdown = new AbortController();
  const stop = () => shutdown.abort();
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const worker = await composeWorker(env, log, shutdown.signal).catch((error: unknown) => {
    if (error instanceof StoreBusyError && shutdown.signal.aborted) return null;
    throw error;
  });
  if (worker === null) return log.info("worker stopped before it had the database");
  process.stdout.write(`${JSON.stringify({ event: "ready" })}\n`);
  log.info("worker ready");
  try {
    await Promise.all([
      jobLoop(worker.ports.store, worker.context, {
        owner: `${hostname()}:${process.pid}:${randomUUID()}`,
        concurrency: env.EKM_WORKER_CONCURRENCY,
        leaseMs: JOB_LEASE_MS,
        idleMs: IDLE_MS,
      }),
      housekeepingLoop(worker.context, HOUSEKEEPING_MS),
      checkpointLoop(
        worker.context,
        takeCheckpoints(
          { ...worker.ports, signer: worker.signer, archive: worker.archive },
          { everyMs: env.EKM_CHECKPOINT_SECONDS * 1000, entries: env.EKM_CHECKPOINT_ENTRIES },
        ),
        CHECKPOINT_LOOK_MS,
      ),
      deletionReminderLoop(worker.context, REMINDER_MS),
      ...(worker.deliveries === null
        ? []
        : [
            deliveryLoop(
              { ...worker.context, ...worker.deliveries },
              { leaseMs: env.EKM_WEBHOOK_TIMEOUT_SECONDS * 1000 + DELIVERY_MARGIN_MS, idleMs: DELIVERY_IDLE_MS },
            ),
          ]),
      healthLoop(worker.context, probeRoundMs(env.EKM_HEALTH_INTERVAL_SECONDS), HEALTH_BATCH),
    ]);
  } finally {
    await worker.close();
  }
  log.info("worker stopped");
}

function endOf(error: unknown): { readonly code: number; readonly text: string } {
  if (error instanceof EnvironmentError) return { code: EXIT_BAD_ENVIRONMENT, text: error.message };
  if (error instanceof StoreBusyError) return { code: EXIT_DATABASE_HELD, text: `The worker did not start: ${DATABASE_HELD}` };
  return { code: EXIT_FAILED, text: (error instanceof Error && error.stack) || String(error) };
}

// Neither the clock's timers nor the loops' promises hold the process: this handle does, while it waits for a busy database too.
const alive = setInterval(() => {}, 60_000);
main()
  .catch((error: unknown) => {
    const { code, text } = endOf(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = code;
  })
  .finally(() => clearInterval(alive));
