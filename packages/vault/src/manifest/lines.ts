import { corrupt } from "../faults/vault-error.js";
import { MAX_LINE_BYTES } from "./manifest.js";

const NEWLINE = 0x0a;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Cuts a byte stream into its lines, as text. Throws VaultError(BACKUP_CORRUPT) for a line too long, without an end, or not UTF-8. */
export async function* linesIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      yield decode(text.subarray(start, end));
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > MAX_LINE_BYTES) throw corrupt("the manifest has a line that is too long");
  }
  if (rest.length > 0) throw corrupt("the manifest's last line has no end");
}

function decode(line: Uint8Array): string {
  if (line.length > MAX_LINE_BYTES) throw corrupt("the manifest has a line that is too long");
  try {
    return UTF8.decode(line);
  } catch {
    throw corrupt("the manifest is not UTF-8 text");
  }
}
