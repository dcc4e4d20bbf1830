import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { drillPage } from "./page.js";
import type { DrillReport } from "./report.js";

/** `drill.json` and `drill.html`, which names the digest of the former. Answers both paths. */
export async function writeDrillReport(report: DrillReport, directory: string): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  const [html, json] = ["drill.html", "drill.json"].map((name) => resolve(join(directory, name))) as [string, string];
  const text = `${JSON.stringify(report, null, 2)}\n`;
  await writeFile(json, text);
  await writeFile(html, drillPage(report, createHash("sha256").update(text).digest("hex")));
  return [html, json];
}
