// Invariant: the first page costs little, comes from this origin alone, and holds no script or style that the policy forbids.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const LIMIT_BYTES = 200_000;

const read = (path: string): Promise<string> => readFile(`${DIST}${path.replace(/^\/console\//, "")}`, "utf8");

/** What a script loads before it runs: its static imports, and theirs. */
async function withImports(path: string, seen: Set<string>): Promise<void> {
  if (seen.has(path)) return;
  seen.add(path);
  const text = await read(path);
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    await withImports(`/console/assets/${name}`, seen);
}

it("loads less than 200 kB of compressed script, whichever page comes first", async () => {
  const page = await read("index.html");
  const entry = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1] ?? "";
  const names = (await readdir(`${DIST}assets`)).filter((name) => name.endsWith(".js") && name.includes("-page-"));
  expect(names.length).toBeGreaterThanOrEqual(7);
  for (const name of names) {
    const scripts = new Set<string>();
    await withImports(entry, scripts);
    await withImports(`/console/assets/${name}`, scripts);
    const sizes = await Promise.all([...scripts].map(async (path) => gzipSync(await read(path)).length));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total, name).toBeGreaterThan(50_000);
    expect(total, name).toBeLessThan(LIMIT_BYTES);
  }
});

it("refers to this origin alone, and has nothing inline", async () => {
  const page = await read("index.html");
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)/);
  expect((await readdir(`${DIST}assets`)).filter((name) => name.endsWith(".map"))).toEqual([]);
});
