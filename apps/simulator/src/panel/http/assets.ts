import { readdir, readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { PANEL } from "../../paths.js";
import { HEADERS } from "./respond.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const ASSETS = "/_panel/assets/";

interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

/** The panel's files by their path: a file that is not in this list does not exist, whatever is asked for. */
export async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const name of await readdir(PANEL)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    assets.set(name === "index.html" ? "/" : `${ASSETS}${name}`, { type, body: await readFile(join(PANEL, name)) });
  }
  return assets;
}

export function sendAsset(response: ServerResponse, { type, body }: Asset): void {
  response.writeHead(200, { ...HEADERS, "content-type": type, "content-length": body.length });
  response.end(body);
}
