// Runs the free LocalStack without Docker, on loopback: its own Python environment under .data/localstack, host mode.
// Node alone is needed to start it; Python 3.13 or 3.12 and a package index to install it the first time.
//   node scripts/localstack.mjs [--port 4567]     0 takes a free port
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

/** Tried together on Python 3.13.0. pyOpenSSL 26 and cbor2 6 break the import of LocalStack 4.14.0; service_identity is not declared by it. */
const REQUIREMENTS = ["localstack-core[runtime]==4.14.0", "pyOpenSSL==25.3.0", "cbor2==5.9.0", "service_identity==24.2.0"];
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 10_000;

const home = path.resolve(import.meta.dirname, "..", ".data", "localstack");
const python = path.join(home, "venv", "bin", "python");
const installed = path.join(home, "installed.json");

class CannotStart extends Error {}

function findPython() {
  const pyenv = path.join(homedir(), ".pyenv", "versions");
  const versions = existsSync(pyenv) ? readdirSync(pyenv) : [];
  for (const version of ["3.13", "3.12"]) {
    const own = versions.filter((name) => name.startsWith(`${version}.`)).map((name) => path.join(pyenv, name, "bin", "python"));
    for (const candidate of [...own, `python${version}`, "python3"]) {
      const answer = spawnSync(candidate, ["-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"], {
        encoding: "utf8",
      });
      if (answer.status === 0 && answer.stdout.trim() === version) return candidate;
    }
  }
  throw new CannotStart(
    "needs Python 3.13 or 3.12 with its venv module (python3.13, python3.12 or ~/.pyenv/versions): none found",
  );
}

function install() {
  const wanted = JSON.stringify(REQUIREMENTS);
  if (existsSync(python) && existsSync(installed) && readFileSync(installed, "utf8") === wanted) return;
  mkdirSync(home, { recursive: true });
  const base = findPython();
  console.error(`Installing LocalStack into ${path.relative(process.cwd(), home)}; this takes some minutes the first time ...`);
  for (const [command, ...parameters] of [
    [base, "-m", "venv", path.join(home, "venv")],
    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...REQUIREMENTS],
  ]) {
    const { status, stderr } = spawnSync(command, parameters, { stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
    if (status !== 0) throw new CannotStart(`could not install it: ${stderr.trim().split("\n").slice(-3).join(" ")}`);
  }
  writeFileSync(installed, wanted);
}

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
  install();
  const port = asked === 0 ? await freePort() : asked;
  const url = `http://127.0.0.1:${port}`;
  let said = "";
  const child = spawn(python, ["-m", "localstack.runtime.main"], {
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
  if (!(error instanceof CannotStart)) throw error;
  console.error(`LocalStack cannot be started: ${error.message}`);
  process.exit(1);
}
