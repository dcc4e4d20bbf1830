// Messages against what OpenSSL, bare node:crypto and the AWS Encryption SDK for JavaScript do in the same run.
// npm run bench:crypto [-- --json FILE]; README.md says how to read it.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { report, row } from "./report.mjs";

/** The allocator keeps its pages: what helps a bare cipher call most. Workers are started otherwise (docs/adr/0010). */
const KEEPING = {
  MALLOC_MMAP_THRESHOLD_: "268435456",
  MALLOC_TRIM_THRESHOLD_: "536870912",
  MALLOC_TOP_PAD_: "67108864",
};
const WORKER = fileURLToPath(new URL("./worker.mjs", import.meta.url));
const RATES = fileURLToPath(new URL("./rates.mjs", import.meta.url));

function measured(environment) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RATES], {
    env: { ...process.env, ...environment },
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout));
}

/** MB/s of CPU time, the best of three; null when there is no openssl. */
function openssl(bytes, more = []) {
  let best = null;
  for (let round = 0; round < 3; round++) {
    const { status, stdout } = spawnSync("openssl", [
      "speed",
      "-seconds",
      "1",
      "-mr",
      "-evp",
      "aes-256-gcm",
      "-bytes",
      String(bytes),
      ...more,
    ]);
    if (status !== 0) return null;
    const [, rate] = /^\+F:\d+:[^:]+:([\d.]+)/m.exec(String(stdout)) ?? [];
    if (rate !== undefined) best = Math.max(best ?? 0, Number(rate) / 1e6);
  }
  return best;
}

/** MB/s of the clock, all worker processes together, the best of three. */
async function workers(count) {
  let best = 0;
  for (let round = 0; round < 3; round++) {
    const all = Array.from({ length: count }, () =>
      spawn(process.execPath, [WORKER], { env: { ...process.env, ...KEEPING }, stdio: ["pipe", "pipe", "inherit"] }),
    );
    for (const one of all) await once(one.stdout, "data");
    const rates = all.map((one) => once(one.stdout, "data"));
    for (const one of all) one.stdin.write("go\n");
    const together = (await Promise.all(rates)).reduce((sum, [rate]) => sum + Number(rate), 0);
    best = Math.max(best, together);
  }
  return best;
}

const rows = [];
for (const [allocator, environment] of Object.entries({ "default allocator": {}, "allocator keeps pages": KEEPING })) {
  const { frames, sdkDefault, pool } = measured(environment);
  for (const [kib, rates] of Object.entries(frames)) {
    const limit = openssl(kib * 1024);
    for (const [way, bare, sdk] of [
      ["seal", rates.bareSeal, rates.sdkSeal],
      ["open", rates.bareOpen, rates.sdkOpen],
    ]) {
      const name = `${way}, ${kib} KiB frames, ${allocator}`;
      rows.push(row(name, "MB/s of CPU", rates[way], "openssl speed", limit));
      rows.push(row(name, "MB/s of CPU", rates[way], "bare node:crypto", bare));
      rows.push(row(name, "MB/s of CPU", rates[way], "AWS Encryption SDK for JavaScript", sdk));
    }
  }
  for (const way of ["seal", "open"]) {
    const name = `${way}, 1024 KiB frames, ${allocator}`;
    rows.push(row(name, "MB/s of CPU", frames[1024][way], "AWS Encryption SDK at its default frame", sdkDefault[way]));
  }
  rows.push(row(`pool of two threads, seal and digest, ${allocator}`, "MB/s", pool.two, "pool of one thread", pool.one));
}
const [one, two] = [await workers(1), await workers(2)];
rows.push(row("two worker processes, seal, allocator keeps pages", "MB/s", two, "one worker process", one));
const [clock, both] = [openssl(1024 * 1024, ["-elapsed"]), openssl(1024 * 1024, ["-elapsed", "-multi", "2"])];
rows.push(row("two of openssl speed: what the machine allows", "MB/s", both, "openssl speed", clock));
report(rows);
