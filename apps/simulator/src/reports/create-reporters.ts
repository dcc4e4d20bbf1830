import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExperimentResult } from "../runner/result.js";
import { githubReport } from "./github.js";
import { htmlReport } from "./html/report.js";
import { jsonReport } from "./json.js";
import { junitReport } from "./junit.js";
import { type Place, placeInFile } from "./place-in-file.js";
import { atTheEnd, type Reporter } from "./reporter.js";
import type { RunInfo } from "./run-info.js";
import { specReporter, type Terminal } from "./spec.js";
import { stepSummary } from "./step-summary.js";

export const REPORTERS = ["spec", "junit", "html", "json", "github"] as const;
export type ReporterName = (typeof REPORTERS)[number];

export interface ReporterOptions {
  readonly terminal: Terminal;
  /** Where files go. */
  readonly out: string;
  readonly info: RunInfo;
  /** The file of each experiment, by its name. */
  readonly files: ReadonlyMap<string, string>;
  readonly github: GithubOptions;
}

export interface GithubOptions {
  /** Annotations name files below it. */
  readonly workspace: string;
  /** Where the summary of the step goes; absent: nowhere. */
  readonly summaryFile?: string | undefined;
}

export function createReporters(names: readonly ReporterName[], options: ReporterOptions): readonly Reporter[] {
  const file = (name: string, make: (results: readonly ExperimentResult[]) => string): Reporter =>
    atTheEnd(async (results) => {
      await mkdir(options.out, { recursive: true });
      await writeFile(join(options.out, name), make(results));
    });
  const make: Readonly<Record<ReporterName, () => Reporter>> = {
    spec: () => specReporter(options.terminal),
    html: () => file("report.html", (results) => htmlReport(results, options.info)),
    junit: () => file("junit.xml", junitReport),
    json: () => file("results.json", (results) => jsonReport(results, options.info)),
    github: () => atTheEnd((results) => reportToGithub(results, options)),
  };
  return names.map((name) => make[name]());
}

async function reportToGithub(results: readonly ExperimentResult[], { terminal, files, github }: ReporterOptions): Promise<void> {
  const places = new Map<ExperimentResult, Place>();
  for (const result of results) {
    const file = files.get(result.name);
    const place = file === undefined ? undefined : await placeInFile(result, file, github.workspace);
    if (place) places.set(result, place);
  }
  terminal.write(githubReport(results, (result) => places.get(result)));
  if (github.summaryFile !== undefined) await appendFile(github.summaryFile, stepSummary(results));
}
