import { open, readFile } from "node:fs/promises";

const CHUNK = 8 * 1024 * 1024;

/**
 * How often each of these byte sequences lies in the memory of another process that may write it (heap, stacks, mapped buffers),
 * read by way of /proc. The process should stand still meanwhile.
 */
export async function countInMemory(pid: number, needles: Readonly<Record<string, Buffer>>): Promise<Record<string, number>> {
  const found = Object.fromEntries(Object.keys(needles).map((name) => [name, 0]));
  const overlap = Math.max(...Object.values(needles).map(({ length }) => length)) - 1;
  const memory = await open(`/proc/${pid}/mem`, "r");
  try {
    for (const [start, end] of await writableRegions(pid)) {
      for (let at = start; at < end; at += CHUNK) {
        const length = Math.min(CHUNK + overlap, end - at);
        const { buffer, bytesRead } = await memory.read(Buffer.alloc(length), 0, length, at).catch(() => NOTHING_READ);
        const chunk = buffer.subarray(0, bytesRead);
        for (const [name, needle] of Object.entries(needles)) {
          for (let hit = chunk.indexOf(needle); hit >= 0 && hit < CHUNK; hit = chunk.indexOf(needle, hit + 1)) {
            found[name] = (found[name] ?? 0) + 1;
          }
        }
      }
    }
    return found;
  } finally {
    await memory.close();
  }
}

/** A region that went away since it was listed, or that the system does not show. */
const NOTHING_READ = { buffer: Buffer.alloc(0), bytesRead: 0 };

async function writableRegions(pid: number): Promise<[number, number][]> {
  const maps = await readFile(`/proc/${pid}/maps`, "utf8");
  return maps.split("\n").flatMap((line): [number, number][] => {
    const [, start, end, mode] = /^([0-9a-f]+)-([0-9a-f]+) (....)/.exec(line) ?? [];
    return start === undefined || end === undefined || !mode?.startsWith("rw")
      ? []
      : [[Number.parseInt(start, 16), Number.parseInt(end, 16)]];
  });
}
