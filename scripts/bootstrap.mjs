// Brings node_modules up to the lock file, so that every root command is one command on a fresh clone. Needs Node alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const marker = path.join(root, "node_modules", ".installed-from");

/** Lock file, Node's ABI and platform: native modules are built for both. */
function wanted() {
  const hash = createHash("sha256").update(readFileSync(path.join(root, "package-lock.json")));
  return `${hash.digest("hex")} ${process.versions.modules} ${process.platform}-${process.arch}\n`;
}

export function bootstrap() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: this project needs Node 20.19 or newer.`);
    process.exit(2);
  }
  const target = wanted();
  if (existsSync(marker) && readFileSync(marker, "utf8") === target) return;
  console.error("Installing dependencies (npm ci). The first time takes two to four minutes: sqlite3 may have to be compiled.");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (done.status !== 0) {
    console.error("npm ci failed. Is the npm registry reachable, and is there a C++ compiler and Python for sqlite3?");
    process.exit(done.status ?? 1);
  }
  writeFileSync(marker, target);
}
