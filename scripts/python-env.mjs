// Python environments of the tools that are not npm packages, each under .tools/NAME, pinned, installed when first asked for.
//   npm run tools -- NAME ...      installs those named; without a name it says what there is
// Exit status: 0 installed, 1 an installation failed, 2 no such tool, 3 not to be had on this machine (no fitting Python).
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Python versions in order of preference, and everything pinned that pip is asked for. */
const ENVIRONMENTS = {
  localstack: {
    about: "LocalStack in host mode (npm run localstack)",
    python: ["3.13", "3.12"],
    // Tried together on Python 3.13.0. pyOpenSSL 26 and cbor2 6 break the import of LocalStack 4.14.0; service_identity is not declared by it.
    requirements: ["localstack-core[runtime]==4.14.0", "pyOpenSSL==25.3.0", "cbor2==5.9.0", "service_identity==24.2.0"],
  },
  "aws-clients": {
    about: "boto3 and the AWS CLI, for the smoke tests of the mock AWS",
    python: ["3.13", "3.12", "3.11", "3.10"],
    requirements: ["boto3==1.44.5", "awscli==1.46.3"],
  },
  interop: {
    about: "an independent reader of the backups' format and AWS's own SDK, for the interoperation tests",
    python: ["3.13", "3.12", "3.11", "3.10"],
    requirements: ["aws-encryption-sdk==4.0.7", "boto3==1.44.5", "cryptography==50.0.2"],
  },
  moto: {
    about: "moto's server, for the comparison and the benchmark",
    python: ["3.13", "3.12", "3.11", "3.10"],
    requirements: ["moto[server,kms]==5.2.5"],
  },
};

/** Something that keeps an environment from being made; the message says what to do. */
export class CannotInstall extends Error {}

/** No Python here that the tool runs on: it is not to be had on this machine. */
export class NotToBeHad extends CannotInstall {}

const tools = path.resolve(import.meta.dirname, "..", ".tools");

/** @returns the folder of the environment; its programs are in venv/bin */
export const homeOf = (name) => path.join(tools, name);
export const programOf = (name, program) => path.join(homeOf(name), "venv", "bin", program);

function findPython(versions) {
  const pyenv = path.join(homedir(), ".pyenv", "versions");
  const own = existsSync(pyenv) ? readdirSync(pyenv) : [];
  for (const version of versions) {
    const candidates = own
      .filter((name) => name.startsWith(`${version}.`))
      .map((name) => path.join(pyenv, name, "bin", "python"));
    for (const candidate of [...candidates, `python${version}`, "python3"]) {
      const answer = spawnSync(candidate, ["-c", "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"], {
        encoding: "utf8",
      });
      if (answer.status === 0 && answer.stdout.trim() === version) return candidate;
    }
  }
  throw new NotToBeHad(
    `needs Python ${versions.join(" or ")} with its venv module (python${versions[0]} or ~/.pyenv/versions): none found`,
  );
}

/** Installs the environment unless it is there as pinned. Slow the first time (minutes). @throws {CannotInstall} */
export function ensure(name) {
  const { python: versions, requirements } = ENVIRONMENTS[name];
  const home = homeOf(name);
  const marker = path.join(home, "installed.json");
  const wanted = JSON.stringify(requirements);
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  const base = findPython(versions);
  console.error(`Installing ${requirements[0]} into .tools/${name}; this takes some minutes the first time ...`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  for (const [command, ...parameters] of [
    [base, "-m", "venv", path.join(home, "venv")],
    [programOf(name, "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements],
  ]) {
    const { status, stderr, error } = spawnSync(command, parameters, { stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
    if (status !== 0) {
      const said = (stderr ?? error?.message ?? "").trim().split("\n").slice(-3).join(" ");
      throw new CannotInstall(`could not be installed: ${said}`);
    }
  }
  writeFileSync(marker, wanted);
}

function main(names) {
  const unknown = names.filter((name) => !(name in ENVIRONMENTS));
  if (names.length === 0 || unknown.length > 0) {
    if (unknown.length > 0) console.error(`There is no tool '${unknown.join("', '")}'.\n`);
    console.log("npm run tools -- NAME ...\n");
    for (const [name, { about }] of Object.entries(ENVIRONMENTS)) console.log(`  ${name.padEnd(12)} ${about}`);
    return unknown.length > 0 ? 2 : 0;
  }
  let code = 0;
  for (const name of names) {
    try {
      ensure(name);
      console.log(`${name}: installed`);
    } catch (error) {
      if (!(error instanceof CannotInstall)) throw error;
      console.error(`${name}: ${error.message}`);
      code = error instanceof NotToBeHad && code !== 1 ? 3 : 1;
    }
  }
  return code;
}

if (process.argv[1] === import.meta.filename) process.exit(main(process.argv.slice(2)));
