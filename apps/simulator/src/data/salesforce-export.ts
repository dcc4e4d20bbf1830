import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeBinaryFiles } from "./binary-files.js";
import { ChunkWriter } from "./chunk-writer.js";
import { createTexts } from "./phrases.js";
import { createRandom } from "./random.js";
import { createRowContext, type RowCounts } from "./row-context.js";
import type { SalesforceObject } from "./salesforce-id.js";
import { TABLES, type Table } from "./salesforce-tables.js";

export interface ExportRequest {
  /** Created when absent; must be empty. */
  readonly directory: string;
  /** Total bytes of all files together, 128 KiB at least. Met exactly. */
  readonly bytes: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface ExportSummary {
  readonly bytes: number;
  readonly files: number;
  readonly rows: RowCounts;
}

export const SMALLEST_EXPORT = 128 * 1024;
/** Bytes that a row needs free in the chunk: fields under 4 KiB and four texts of 1.5 KiB characters. */
const ROW_ROOM = 64 * 1024;
const TEXT_BYTES = 260;

/**
 * Writes what Salesforce's weekly export holds once unpacked: one CSV per object (every field quoted, UTF-8), and the binary
 * content of `Attachments/` and `ContentVersion/`, each file named by its record's Id. Streams, so any size; same seed, same bytes.
 */
export async function writeSalesforceExport(request: ExportRequest): Promise<ExportSummary> {
  if (request.bytes < SMALLEST_EXPORT) throw new RangeError(`A Salesforce export has at least ${SMALLEST_EXPORT} bytes.`);
  await mkdir(request.directory, { recursive: true });
  const rows: Partial<Record<SalesforceObject, number>> = {};
  const texts = createTexts(createRandom(request.seed, "texts"), 512, TEXT_BYTES);
  let bytes = 0;
  for (const table of TABLES) {
    const written = await writeTable(table, request, rows, texts);
    rows[table.object] = written.rows;
    bytes += written.bytes;
  }
  const binary = await writeBinaryFiles({ ...request, bytes: request.bytes - bytes, parents: rows });
  return { bytes: bytes + binary.bytes, files: TABLES.length + binary.files, rows: { ...rows, ...binary.rows } };
}

async function writeTable(
  table: Table,
  request: ExportRequest,
  complete: RowCounts,
  texts: readonly [Buffer, ...Buffer[]],
): Promise<{ bytes: number; rows: number }> {
  const random = createRandom(request.seed, table.object);
  const budget = Math.floor(request.bytes * table.share);
  const writer = await ChunkWriter.create(join(request.directory, `${table.object}.csv`));
  let n = 0;
  try {
    writer.put(`${table.columns.map((column) => `"${column}"`).join(",")}\n`);
    do {
      if (!writer.fits(ROW_ROOM)) {
        request.signal?.throwIfAborted();
        await writer.flush();
      }
      writer.put(`"${table.row(createRowContext(random, request.seed, n, complete)).join('","')}`);
      if (table.texts > 0) {
        writer.put('","');
        for (let text = random.below(table.texts + 1); text > 0; text--) writer.putBytes(random.pick(texts));
      }
      writer.put('"\n');
      n++;
    } while (writer.bytes < budget);
  } finally {
    await writer.close();
  }
  return { bytes: writer.bytes, rows: n };
}
