import { spawnSync } from "node:child_process";

/** Shell commands: `$SRC` a tree, `$TO` a place of their own; both end flushed, as ours does. */
const PEERS = {
  tar: {
    backup: 'tar c -C "$SRC" . | dd of="$TO/t" bs=1M conv=fsync status=none',
    restore: 'mkdir "$TO/x" && tar x -C "$TO/x" -f "$TO/t" && sync -f "$TO/x"',
  },
  age: {
    prepare: 'age-keygen -o "$TO/key" 2>"$TO/public"',
    backup: 'tar c -C "$SRC" . | age -r "$(sed "s/.*: //" "$TO/public")" | dd of="$TO/t" bs=1M conv=fsync status=none',
    restore: 'mkdir "$TO/x" && age -d -i "$TO/key" "$TO/t" | tar x -C "$TO/x" && sync -f "$TO/x"',
  },
  restic: {
    prepare: 'RESTIC_PASSWORD=bench restic -q init -r "$TO/r"',
    backup: 'RESTIC_PASSWORD=bench restic -q --no-cache -r "$TO/r" backup "$SRC" && sync -f "$TO"',
    restore: 'RESTIC_PASSWORD=bench restic -q --no-cache -r "$TO/r" restore latest --target "$TO/x" && sync -f "$TO/x"',
  },
  borg: {
    prepare: 'BORG_BASE_DIR="$TO/b" BORG_PASSPHRASE=bench borg init -e repokey "$TO/r"',
    backup: 'BORG_BASE_DIR="$TO/b" BORG_PASSPHRASE=bench borg create "$TO/r::one" "$SRC" && sync -f "$TO"',
    restore:
      'mkdir "$TO/x" && cd "$TO/x" && BORG_BASE_DIR="$TO/b" BORG_PASSPHRASE=bench borg extract "$TO/r::one" && sync -f "$TO/x"',
  },
};
export const PEER_NAMES = Object.keys(PEERS);

const installed = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Seconds of a backup and a restore; null when the program is not there. */
export function runPeer(name, source, place) {
  if (!installed(name)) return null;
  const run = (command) => {
    const began = performance.now();
    const { status, stderr } = spawnSync("sh", ["-c", command], { env: { ...process.env, SRC: source, TO: place } });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    return (performance.now() - began) / 1000;
  };
  const { prepare, backup, restore } = PEERS[name];
  if (prepare !== undefined) run(prepare);
  return { backup: run(backup), restore: run(restore) };
}
