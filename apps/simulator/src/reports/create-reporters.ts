import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExperimentResult } from "../runner/result.js";
import { githubReport } from "./github.js";
import { htmlReport } from "./html/report.js";
import { jsonReport } from "./json.js";
import { junitReport } from "./junit.js";
import { atTheEnd, type Reporter } from "./reporter.js";
import { specReporter, type Terminal } from "./spec.js";

export const REPORTERS = ["spec", "html", "junit", "json", "github"] as const;
export type ReporterName = (typeof REPORTERS)[number];

export interface ReporterOptions {
  readonly terminal: Terminal;
  /** Where files go. */
  readonly out: string;
  readonly seed: number;
}

export function createReporters(names: readonly ReporterName[], options: ReporterOptions): readonly Reporter[] {
  const file = (name: string, make: (results: readonly ExperimentResult[]) => string): Reporter =>
    atTheEnd(async (results) => {
      await mkdir(options.out, { recursive: true });
      await writeFile(join(options.out, name), make(results));
    });
  const make: Readonly<Record<ReporterName, () => Reporter>> = {
    spec: () => specReporter(options.terminal),
    html: () => file("report.html", (results) => htmlReport(results, options.seed)),
    junit: () => file("junit.xml", junitReport),
    json: () => file("results.json", (results) => jsonReport(results, options.seed)),
    github: () => atTheEnd(async (results) => options.terminal.write(githubReport(results))),
  };
  return names.map((name) => make[name]());
}
