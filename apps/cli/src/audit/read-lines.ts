import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { AuditEvent } from "@ekm/ekm";
import { fromLine } from "./entry-line.js";

/** The entries of an export, line by line; null for a line that is none. Empty lines are passed over. Throws as the file system does. */
export async function* readEntries(file: string): AsyncGenerator<AuditEvent | null> {
  const input = createReadStream(file, "utf8");
  const opened = new Promise<void>((resolve, reject) => input.once("open", () => resolve()).once("error", reject));
  await opened;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") yield fromLine(line);
  }
}
