#!/usr/bin/env node
import { StoreBusyError } from "@ekm/ekm";
import { DATABASE_HELD } from "@ekm/persistence";
import { pino } from "pino";
import { startGateway } from "./composition/gateway.js";
import { readEnvironment } from "./environment.js";

const EXIT_BAD_ENVIRONMENT = 2;
/** As EX_TEMPFAIL of sysexits.h: starting again may work. */
const EXIT_DATABASE_HELD = 75;
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
// Before it listens nothing has begun that would have to be brought to an end.
let stop: (signal: string) => void = () => process.exit(0);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => stop(signal));
try {
  const gateway = await startGateway(environment.value, log);
  clearInterval(alive);
  let stopping = false;
  stop = (signal) => {
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
  process.stdout.write(`${JSON.stringify({ event: "ready", url: gateway.url })}\n`);
} catch (error) {
  const held = error instanceof StoreBusyError;
  log.fatal({ err: error }, held ? `the gateway did not start: ${DATABASE_HELD}` : "the gateway could not start");
  process.exit(held ? EXIT_DATABASE_HELD : 1);
}
