// Runs the free LocalStack without Docker, on loopback: its own Python environment under .tools/localstack, host mode.
// Node alone is needed to start it; Python 3.13 or 3.12 and a package index to install it the first time.
//   npm run localstack [-- --port 4567]     0 takes a free port
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { CannotInstall, ensure, homeOf, programOf } from "./python-env.mjs";

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 10_000;

const home = homeOf("localstack");

class CannotStart extends Error {}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function healthy(url) {
  try {
    const answer = await fetch(`${url}/_localstack/health`, { signal: AbortSignal.timeout(2000) });
    const { services } = await answer.json();
    return ["available", "running"].includes(services?.kms);
  } catch {
    return false;
  }
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: "string", default: "4567" } } });
  const asked = Number(values.port);
  if (!Number.isInteger(asked) || asked < 0 || asked > 65_535) throw new CannotStart(`--port ${values.port} is no port`);
  ensure("localstack");
  const port = asked === 0 ? await freePort() : asked;
  const url = `http://127.0.0.1:${port}`;
  let said = "";
  const child = spawn(programOf("localstack", "python"), ["-m", "localstack.runtime.main"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      SERVICES: "kms,s3,sts",
      EAGER_SERVICE_LOADING: "1",
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      LOCALSTACK_VOLUME_DIR: path.join(home, "volume"),
      FILESYSTEM_ROOT: path.join(home, "filesystem"),
      DNS_ADDRESS: "0",
      DISABLE_EVENTS: "1",
      SKIP_SSL_CERT_DOWNLOAD: "1",
      PYTHONUNBUFFERED: "1",
    },
  });
  const keep = (chunk) => {
    said = (said + chunk).slice(-4000);
    process.stderr.write(chunk);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let gone = null;
  const ended = new Promise((resolve) =>
    child.once("close", (code, signal) => {
      gone = signal ?? code;
      resolve();
    }),
  );
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(force);
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const giveUp = Date.now() + START_TIMEOUT_MS;
  while (!(await healthy(url))) {
    if (gone !== null) throw new CannotStart(`it ended with ${gone}: ${said.trim().split("\n").slice(-3).join(" ")}`);
    if (Date.now() > giveUp) {
      child.kill("SIGKILL");
      throw new CannotStart(`it is not healthy after ${START_TIMEOUT_MS / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.log(JSON.stringify({ event: "ready", url }));
  await ended;
  if (!stopping) throw new CannotStart(`it ended by itself with ${gone}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof CannotStart || error instanceof CannotInstall)) throw error;
  console.error(`LocalStack cannot be started: ${error.message}`);
  process.exit(1);
}
