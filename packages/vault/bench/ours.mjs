// A backup and a restore of a tree in a process of its own, as a worker runs them. Prints JSON: seconds, the largest resident
// set, and the longest time that the event loop was held.
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { AccountKey, ALWAYS_OPEN, createCipherPool } from "@ekm/crypto-core";
import { createFileObjectStore, runBackup, runRestore } from "../dist/index.js";

const [, , source, directory] = process.argv;
const key = AccountKey.generate();
const held = { ok: true, value: { generation: 1, key, gate: ALWAYS_OPEN, release() {}, takeWrap: async () => true } };
const ciphers = createCipherPool({ threads: availableParallelism() });
mkdirSync(directory, { recursive: true });
const ports = {
  objects: createFileObjectStore(path.join(directory, "store")),
  keys: { forSealing: async () => held, forReading: async () => held },
  clock: {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  },
  ciphers,
};

async function measured(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let residentSet = 0;
  const watch = setInterval(() => {
    residentSet = Math.max(residentSet, process.memoryUsage.rss());
  }, 20);
  const control = { signal: new AbortController().signal, progress() {} };
  delay.enable();
  const began = performance.now();
  const outcome = await work(control);
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  clearInterval(watch);
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
  return { value: outcome.value, seconds, residentSet: residentSet / 1e6, heldMs: delay.percentile(99) / 1e6 };
}

const of = { accountId: "acc", backupId: "bkp" };
const backup = await measured((control) =>
  runBackup(ports, { ...of, attempt: "1", location: source, kind: "SALESFORCE_EXPORT" }, control),
);
const { manifest } = backup.value;
const target = path.join(directory, "restored");
const restore = await measured((control) =>
  runRestore(ports, { ...of, restoreId: "rst", generation: 1, manifest, target, overwrite: false }, control),
);
await ciphers.close();
rmSync(directory, { recursive: true });
const figures = ({ seconds, residentSet, heldMs }) => ({ seconds, residentSet, heldMs });
console.log(JSON.stringify({ backup: figures(backup), restore: figures(restore) }));
