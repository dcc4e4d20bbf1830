// Backup and restore of a 1 GB tree against tar, tar | age, restic and borg, and our memory for a small and a large one.
// npm run bench:backup [-- --json FILE] [--mb MEGABYTES] [--rounds N]; README.md says how to read it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PEER_NAMES, runPeer } from "./peers.mjs";
import { makeTree } from "./tree.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const megabytes = Number(option("--mb", "1000"));
const rounds = Number(option("--rounds", "3"));
/** As worker processes are started: one arena, or what one thread frees stays with it; a young generation of 2 MB. */
const NODE_FLAGS = ["--max-semi-space-size=2"];
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

const directory = realpathSync(mkdtempSync(path.join(option("--in", tmpdir()), "ekm-bench-")));
const source = path.join(directory, "source");
const small = path.join(directory, "small");
let places = 0;

function ours(tree) {
  const file = fileURLToPath(new URL("./ours.mjs", import.meta.url));
  const place = path.join(directory, `ours${places++}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, file, tree, place], {
    env: { ...process.env, ...ENVIRONMENT },
  });
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout));
}
function peer(name) {
  const place = path.join(directory, `${name}${places++}`);
  mkdirSync(place);
  try {
    return runPeer(name, source, place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
const flush = () => spawnSync("sync", ["-f", directory]);

const rows = [];
const add = (name, unit, value, peerName, peerValue) =>
  rows.push({ name, unit, value, peer: peerName, peerValue, ratio: peerValue === null ? null : value / peerValue });
try {
  makeTree(source, megabytes * 1e6);
  makeTree(small, megabytes * 1e5);
  const results = { ours: [] };
  for (const name of PEER_NAMES) results[name] = [];
  for (let round = 0; round < rounds; round++) {
    flush();
    results.ours.push(ours(source));
    for (const name of PEER_NAMES) {
      flush();
      results[name].push(peer(name));
    }
  }
  for (const way of ["backup", "restore"]) {
    const best = Math.min(...results.ours.map((one) => one[way].seconds));
    for (const name of PEER_NAMES) {
      const found = results[name].filter((one) => one !== null);
      add(`${way} of ${megabytes} MB`, "s", best, name, found.length === 0 ? null : Math.min(...found.map((one) => one[way])));
    }
  }
  const little = ours(small);
  const large = results.ours.at(-1);
  for (const way of ["backup", "restore"]) {
    add(`${way}: resident set`, "MB", large[way].residentSet, `a tenth of the data`, little[way].residentSet);
    add(`${way}: event loop held, p99`, "ms", large[way].heldMs, "a tenth of the data", little[way].heldMs);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const shown = (value) => (value === null ? "not installed" : Number(value.toFixed(2)));
console.table(
  rows.map((one) => ({ ...one, value: shown(one.value), peerValue: shown(one.peerValue), ratio: one.ratio?.toFixed(2) ?? "-" })),
);
const json = option("--json", undefined);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
