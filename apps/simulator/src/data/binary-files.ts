import { createCipheriv, createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { ChunkWriter } from "./chunk-writer.js";
import { createRandom } from "./random.js";
import { createRowContext, type RowCounts } from "./row-context.js";
import { salesforceId } from "./salesforce-id.js";

export interface BinaryRequest {
  readonly directory: string;
  /** All that is left of the export's size: the two tables and every file. */
  readonly bytes: number;
  readonly seed: number;
  /** How many rows the tables have that a file may belong to. */
  readonly parents: RowCounts;
  readonly signal?: AbortSignal;
}

/** The tables that list the files, and the folder that holds their content. */
const LISTS = [
  {
    object: "Attachment",
    folder: "Attachments",
    columns: ["Id", "ParentId", "Name", "ContentType", "BodyLength", "OwnerId", "CreatedDate"],
  },
  {
    object: "ContentVersion",
    folder: "ContentVersion",
    columns: ["Id", "ContentDocumentId", "Title", "FileExtension", "ContentSize", "OwnerId", "CreatedDate"],
  },
] as const;
type List = (typeof LISTS)[number];

const EXTENSIONS: readonly [string, ...string[]] = ["pdf", "docx", "png", "xlsx", "zip"];
const CHUNK = Buffer.alloc(1 << 20);

/**
 * Attachments and file versions: a list of each as CSV and its content in a folder, one file a record, sizes from 2 KiB to 4 MiB.
 * The last file takes what is left, so that the export has exactly the size asked for.
 */
export async function writeBinaryFiles(request: BinaryRequest): Promise<{ bytes: number; files: number; rows: RowCounts }> {
  const random = createRandom(request.seed, "files");
  const writers = new Map<List, ChunkWriter>();
  const counts = new Map<List, number>(LISTS.map((list) => [list, 0]));
  let left = request.bytes;
  try {
    for (const list of LISTS) {
      await mkdir(join(request.directory, list.folder), { recursive: true });
      const writer = await ChunkWriter.create(join(request.directory, `${list.object}.csv`));
      writers.set(list, writer);
      writer.put(`${list.columns.map((column) => `"${column}"`).join(",")}\n`);
      left -= writer.bytes;
    }
    for (let n = 0; left > 0; n++) {
      request.signal?.throwIfAborted();
      const list = LISTS[n % 2 === 0 ? 0 : 1];
      const writer = writers.get(list);
      if (!writer) break;
      if (!writer.fits(4096)) await writer.flush();
      const size = Math.floor(2048 * 2 ** (random.below(1100) / 100));
      const index = counts.get(list) ?? 0;
      const first = listRow(list, request, random.uint32(), index, size);
      const isLast = left - Buffer.byteLength(first) - size < 8192;
      const [text, length] = isLast ? lastRow(first, size, left) : [first, size];
      writer.put(text);
      await writeNoise(
        join(request.directory, list.folder, salesforceId(list.object, request.seed, index)),
        length,
        request.seed,
        n,
      );
      counts.set(list, index + 1);
      left -= Buffer.byteLength(text) + length;
    }
  } finally {
    for (const writer of writers.values()) await writer.close();
  }
  const rows = Object.fromEntries(LISTS.map((list) => [list.object, counts.get(list) ?? 0]));
  const files = LISTS.reduce((sum, list) => sum + 1 + (counts.get(list) ?? 0), 0);
  return { bytes: request.bytes - left, files, rows };
}

function listRow(list: List, request: BinaryRequest, draw: number, index: number, length: number): string {
  const at = createRowContext(createRandom(draw, list.object), request.seed, index, request.parents);
  const id = at.id(list.object, index);
  const extension = at.random.pick(EXTENSIONS);
  const fields =
    list.object === "Attachment"
      ? [id, at.some("Case"), `scan ${index}, side ""A"".${extension}`, `application/${extension}`, `${length}`]
      : [id, at.id("ContentDocument", index), `Übersicht ${index}`, extension, `${length}`];
  return `"${[...fields, at.some("User"), at.timestamp()].join('","')}"\n`;
}

/** Replaces the length in a row so that the row and its file together fill what is left. */
function lastRow(row: string, size: number, left: number): [string, number] {
  const fixed = Buffer.byteLength(row) - String(size).length;
  for (let digits = 1; digits <= 10; digits++) {
    const length = left - fixed - digits;
    if (length >= 0 && String(length).length === digits) return [row.replace(`"${size}"`, `"${length}"`), length];
  }
  // No length fits only where its number of digits jumps: pad the file's row by a space.
  return lastRow(row.replace(/"\n$/, ' "\n'), size, left);
}

/** Bytes that look random and do not compress: the AES-CTR key stream of a key made from the seed. */
async function writeNoise(path: string, bytes: number, seed: number, n: number): Promise<void> {
  const key = createHash("sha256").update(`${seed}/${n}`).digest().subarray(0, 16);
  const cipher = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  const file = await open(path, "wx");
  try {
    for (let left = bytes; left > 0; ) {
      const noise = cipher.update(left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left));
      left -= noise.length;
      for (let at = 0; at < noise.length; ) at += (await file.write(noise, at)).bytesWritten;
    }
  } finally {
    await file.close();
  }
}
