// The task runner behind `npm run <task>`: installs what is missing, builds what changed, runs the task. Node alone is needed.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { bootstrap } from "./bootstrap.mjs";

const root = path.resolve(import.meta.dirname, "..");
const [name = "help", ...args] = process.argv.slice(2);
const bin = (tool) => path.join(root, "node_modules", ".bin", tool);
const simulator = path.join(root, "apps", "simulator", "dist", "main.js");

function run(command, parameters, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd: root, stdio: "inherit", ...options });
    // The child shares our terminal and gets Ctrl-C itself; we wait for its own clean-up.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    const terminate = () => child.kill("SIGTERM");
    process.on("SIGTERM", terminate);
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", terminate);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}

const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };
const turbo = (task, extra = []) => run(bin("turbo"), ["run", task, "--output-logs=errors-only", ...extra], { env: environment });

async function build() {
  console.error("Building what changed ...");
  const code = await turbo("build");
  if (code !== 0) process.exit(code);
}

async function simulate(parameters) {
  await build();
  return run(process.execPath, [simulator, ...parameters]);
}

/** Benchmarks are `bench:NAME` scripts of the packages; each knows `--json FILE` and prints a table. */
async function bench() {
  const benches = new Map();
  for (const { place, scripts } of packages()) {
    for (const script of Object.keys(scripts)) {
      if (script.startsWith("bench:")) benches.set(script.slice("bench:".length), place);
    }
  }
  const [which, ...parameters] = args;
  if (which === undefined || !benches.has(which)) {
    if (which !== undefined) console.error(`There is no benchmark '${which}'.`);
    console.log(`npm run bench -- NAME [--json FILE], where NAME is one of: ${[...benches.keys()].sort().join(", ")}`);
    return which === undefined ? 0 : 2;
  }
  await build();
  const json = parameters.map((value, at) => (parameters[at - 1] === "--json" ? path.resolve(value) : value));
  return run("npm", ["run", "--silent", `bench:${which}`, "--", ...json], { cwd: benches.get(which) });
}

function packages() {
  const all = [];
  for (const group of ["packages", "apps"]) {
    for (const folder of readdirSync(path.join(root, group))) {
      const place = path.join(root, group, folder);
      const manifest = path.join(place, "package.json");
      if (!existsSync(manifest)) continue;
      all.push({ name: `${group}/${folder}`, place, scripts: JSON.parse(readFileSync(manifest, "utf8")).scripts ?? {} });
    }
  }
  return all;
}

/** The test reports of all packages, summed. A package without a report counts as one failure. */
function summary() {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const rows = [];
  const failures = [];
  for (const { name: title, place } of packages()) {
    const report = path.join(place, "test-results", "vitest.json");
    if (!existsSync(report)) {
      failed += 1;
      rows.push(`${title}: no test report`);
      failures.push(`${title}: no test report`);
      continue;
    }
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    passed += numPassedTests;
    skipped += numPendingTests + numTodoTests;
    // A file that could not even be loaded has no failed test of its own.
    const broken = testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.every((t) => t.status !== "failed"),
    );
    failed += numFailedTests + broken.length;
    failures.push(...failuresOf(title, place, testResults, broken));
    rows.push(`${title}: ${numPassedTests} passed, ${numFailedTests + broken.length} failed, ${numPendingTests} skipped`);
  }
  return { passed, failed, skipped, rows, failures };
}

/** One line per failed test with the first lines of its message, for the end of a long log. */
function failuresOf(title, place, testResults, broken) {
  const brief = (text) => (text ?? "").split("\n").slice(0, 4).join("\n    ").slice(0, 600);
  const where = (file) => `${title}/${path.relative(place, file.name)}`;
  const tests = testResults.flatMap((file) =>
    file.assertionResults
      .filter((t) => t.status === "failed")
      .map((t) => `FAILED ${where(file)} > ${t.fullName}\n    ${brief(t.failureMessages[0])}`),
  );
  return [...tests, ...broken.map((file) => `FAILED ${where(file)} (could not be loaded)\n    ${brief(file.message)}`)];
}

const tasks = {
  test: {
    about: "all tests of all packages (cached by turbo where nothing changed)",
    async run() {
      const code = await turbo("test", ["--continue", "--concurrency=2", ...args]);
      const { passed, failed, skipped, rows, failures } = summary();
      console.log([...rows, ...failures].join("\n"));
      console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
      return code !== 0 ? code : failed > 0 ? 1 : 0;
    },
  },
  "test:long": {
    about: "what takes minutes: fuzzers on fresh seeds (EKM_FUZZ_SECONDS each, 300 by default) and the like",
    run: () => turbo("test:long", ["--concurrency=1", ...args]),
  },
  simulate: {
    about: "AWS (embedded), gateway and worker on free ports, every experiment through failure to recovery",
    run: () => simulate(["run", "--out", path.join(root, ".reports", "simulate"), ...args]),
  },
  sim: { about: "ekm-sim: npm run sim -- --help", run: () => simulate(args) },
  start: { about: "the whole stack for hands-on use, with demo accounts and tokens", run: () => simulate(["up", ...args]) },
  reset: {
    about: "forgets the data that `npm start` keeps",
    async run() {
      rmSync(path.join(root, ".data"), { recursive: true, force: true });
      console.log("The development data is gone. `npm start` begins anew.");
      return 0;
    },
  },
  build: { about: "tsc for every package", run: () => turbo("build", args) },
  typecheck: { about: "types of sources and tests", run: () => turbo("typecheck", args) },
  lint: {
    about: "lint and format check",
    run: async () =>
      (await run(bin("biome"), ["check", "--error-on-warnings", "."])) ||
      (await run(bin("eslint"), ["--max-warnings", "0", "apps/gateway/schema.graphql", "packages/client/documents"])) ||
      turbo("lint", args),
  },
  "schema-diff": {
    about: "stops a change of the API that could break a client",
    run: () => run(process.execPath, [path.join(root, "scripts", "schema-diff.mjs"), ...args]),
  },
  layers: {
    about: "the layer rules of docs/architecture.md",
    run: () => run(bin("depcruise"), ["--config", ".dependency-cruiser.cjs", "packages", "apps"]),
  },
  unused: { about: "unused files, exports and dependencies", run: () => run(bin("knip"), ["--no-config-hints", ...args]) },
  bench: { about: "a benchmark, ours beside its peers: npm run bench -- aws [--json FILE]", run: bench },
  localstack: {
    about: "LocalStack without Docker, in host mode (npm run localstack -- --port 4567)",
    run: () => run(process.execPath, [path.join(root, "scripts", "localstack.mjs"), ...args]),
  },
  tools: {
    about: "Python tools that some tests compare with: npm run tools -- aws-clients moto",
    run: () => run(process.execPath, [path.join(root, "scripts", "python-env.mjs"), ...args]),
  },
  dev: { about: "rebuilds on change", run: () => turbo("dev", args) },
};

if (name === "help" || !(name in tasks)) {
  if (name !== "help") console.error(`There is no task '${name}'.\n`);
  console.log("npm test, npm start, or npm run <task>:\n");
  for (const [task, { about }] of Object.entries(tasks)) console.log(`  ${task.padEnd(12)} ${about}`);
  process.exit(name === "help" ? 0 : 2);
}
if (name !== "reset") bootstrap();
process.exit(await tasks[name].run());
