import type { ExperimentResult } from "../runner/result.js";

/** Workflow commands that GitHub turns into annotations: one line per experiment that is not as expected. */
export function githubReport(results: readonly ExperimentResult[]): string {
  return results
    .filter(({ verdict }) => verdict === "deviated" || verdict === "harness failed")
    .map(({ name, verdict, expected, happened }) => {
      const level = verdict === "deviated" ? "error" : "warning";
      return `::${level} title=${property(`${name}: ${verdict}`)}::${data(`expected: ${expected}\nhappened: ${happened}`)}\n`;
    })
    .join("");
}

const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
