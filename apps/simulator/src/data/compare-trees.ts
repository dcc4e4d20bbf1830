import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export interface TreeDifference {
  /** Relative to both roots. */
  readonly path: string;
  readonly kind: "missing" | "unexpected" | "type" | "size" | "content";
  readonly detail: string;
}

export interface TreeComparison {
  readonly identical: boolean;
  readonly files: number;
  readonly bytes: number;
  /** At most `MOST_DIFFERENCES`; `identical` is false whenever there is one. */
  readonly differences: readonly TreeDifference[];
}

const MOST_DIFFERENCES = 10;
const CHUNK_BYTES = 1 << 20;

/** Compares two directories byte for byte, names and file types included; times and modes are not compared. Memory does not grow with size. */
export async function compareTrees(expected: string, actual: string, signal?: AbortSignal): Promise<TreeComparison> {
  const [left, right] = await Promise.all([list(expected), list(actual)]);
  const differences: TreeDifference[] = [];
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  let files = 0;
  let bytes = 0;
  for (const path of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    signal?.throwIfAborted();
    if (differences.length >= MOST_DIFFERENCES) break;
    const [a, b] = [left.get(path), right.get(path)];
    if (!b) differences.push({ path, kind: "missing", detail: "is in the source and not in the copy" });
    else if (!a) differences.push({ path, kind: "unexpected", detail: "is in the copy and not in the source" });
    else if (a !== b) differences.push({ path, kind: "type", detail: `is a ${a} in the source and a ${b} in the copy` });
    else if (a === "file") {
      const difference = await compareFiles(join(expected, path), join(actual, path), buffers);
      if (typeof difference === "number") bytes += difference;
      else differences.push({ path, ...difference });
      files++;
    }
  }
  return { identical: differences.length === 0, files, bytes, differences };
}

async function list(root: string): Promise<Map<string, "file" | "directory" | "other">> {
  const found = new Map<string, "file" | "directory" | "other">();
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(root, relative), { withFileTypes: true })) {
      const path = relative ? `${relative}/${entry.name}` : entry.name;
      found.set(path, entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other");
      if (entry.isDirectory()) await visit(path);
    }
  };
  await visit("");
  return found;
}

async function compareFiles(
  expected: string,
  actual: string,
  [a, b]: readonly [Buffer, Buffer],
): Promise<number | { kind: "size" | "content"; detail: string }> {
  const [expectedBytes, actualBytes] = (await Promise.all([stat(expected), stat(actual)])).map((entry) => entry.size);
  if (expectedBytes !== actualBytes) return { kind: "size", detail: `has ${actualBytes} bytes instead of ${expectedBytes}` };
  const left = await open(expected);
  const right = await open(actual).catch(async (error: unknown) => {
    await left.close();
    throw error;
  });
  try {
    for (let position = 0; ; ) {
      const wanted = await left.read(a, 0, CHUNK_BYTES, position);
      if (wanted.bytesRead === 0) return position;
      let got = 0;
      while (got < wanted.bytesRead) {
        const read = await right.read(b, got, wanted.bytesRead - got, position + got);
        if (read.bytesRead === 0) return { kind: "size", detail: `ends early, at byte ${position + got}` };
        got += read.bytesRead;
      }
      if (a.compare(b, 0, got, 0, wanted.bytesRead) !== 0) {
        let at = 0;
        while (a[at] === b[at]) at++;
        return { kind: "content", detail: `differs from byte ${position + at} on` };
      }
      position += wanted.bytesRead;
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}
