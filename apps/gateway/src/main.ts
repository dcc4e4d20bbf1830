#!/usr/bin/env node
import { pino } from "pino";
import { startGateway } from "./composition/gateway.js";
import { readEnvironment } from "./environment.js";

const EXIT_BAD_ENVIRONMENT = 2;
const FORCED_EXIT_AFTER_MS = 15_000;
const STDERR = 2;

const environment = readEnvironment();
if (!environment.ok) {
  const lines = environment.problems.map((problem) => `  ${problem}`);
  process.stderr.write(`The gateway cannot start. Set these environment variables (see README.md):\n${lines.join("\n")}\n`);
  process.exit(EXIT_BAD_ENVIRONMENT);
}

const log = pino({ name: "gateway", level: environment.value.logLevel }, pino.destination({ fd: STDERR, sync: true }));

// The clock's timers do not hold the process: without this one it would end without a word while it waits for a busy database.
const alive = setInterval(() => {}, 60_000);
try {
  const gateway = await startGateway(environment.value, log);
  clearInterval(alive);
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), FORCED_EXIT_AFTER_MS).unref();
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopped with an error");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.stdout.write(`${JSON.stringify({ event: "ready", url: gateway.url })}\n`);
} catch (error) {
  log.fatal({ err: error }, "the gateway could not start");
  process.exit(1);
}
