import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { JOB_LEASE_MS, probeRoundMs } from "@ekm/ekm";
import { pino } from "pino";
import { composeWorker } from "./composition/worker.js";
import { EnvironmentError, readEnvironment } from "./environment.js";
import { healthLoop } from "./loops/health-loop.js";
import { housekeepingLoop } from "./loops/housekeeping-loop.js";
import { jobLoop } from "./loops/job-loop.js";

const IDLE_MS = 100;
const HEALTH_BATCH = 50;
const HOUSEKEEPING_MS = 5 * 60_000;

async function main(): Promise<void> {
  const env = readEnvironment();
  const log = pino({ level: env.EKM_LOG_LEVEL, name: "worker" }, pino.destination(2));
  const shutdown = new AbortController();
  const stop = () => shutdown.abort();
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const worker = await composeWorker(env, log, shutdown.signal);
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
      healthLoop(worker.context, probeRoundMs(env.EKM_HEALTH_INTERVAL_SECONDS), HEALTH_BATCH),
    ]);
  } finally {
    await worker.close();
  }
  log.info("worker stopped");
}

// Neither the clock's timers nor the loops' promises hold the process: this handle does, while it waits for a busy database too.
const alive = setInterval(() => {}, 60_000);
main()
  .catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof EnvironmentError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = error instanceof EnvironmentError ? 2 : 1;
  })
  .finally(() => clearInterval(alive));
