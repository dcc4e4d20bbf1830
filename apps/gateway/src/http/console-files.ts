import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";

export interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
  /** Absent where it would not be smaller. */
  readonly gzip?: Buffer;
  readonly etag: string;
  /** Named by its content: it never changes. */
  readonly immutable: boolean;
}

export interface ConsoleFiles {
  readonly page: ConsoleFile;
  /** By the path below the directory, with `/` between its parts. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const PAGE = "index.html";
const HASHED = "assets/";

/**
 * A console that was built, read whole into memory: what is asked for is looked up among names that are known, and no path of a request
 * reaches the file system. Files of other types, such as source maps, are left out. Throws when there is no `index.html`.
 */
export async function readConsoleFiles(directory: string): Promise<ConsoleFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = new Map<string, ConsoleFile>();
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path).split(sep).join("/");
    const body = await readFile(path);
    const gzip = gzipSync(body, { level: 9 });
    const digest = createHash("sha256").update(body).digest("base64url");
    files.set(name, {
      type,
      body,
      ...(gzip.length < body.length ? { gzip } : {}),
      etag: `"${digest}"`,
      immutable: name.startsWith(HASHED),
    });
  }
  const page = files.get(PAGE);
  if (page === undefined) throw new Error(`EKM_CONSOLE_DIR has no ${PAGE}: build the console first`);
  return { page, files };
}
