import type { ExperimentResult } from "../runner/result.js";
import type { Place } from "./place-in-file.js";

/** Workflow commands that GitHub turns into annotations: one line per experiment that is not as expected, at its step where it is known. */
export function githubReport(
  results: readonly ExperimentResult[],
  placeOf: (result: ExperimentResult) => Place | undefined = () => undefined,
): string {
  return results
    .filter(({ verdict }) => verdict === "deviated" || verdict === "harness failed")
    .map((result) => {
      const { name, verdict, expected, happened } = result;
      const place = placeOf(result);
      const properties = {
        ...(place && { file: place.file, line: String(place.line) }),
        title: `${name}: ${verdict}`,
      };
      const level = verdict === "deviated" ? "error" : "warning";
      const list = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
      return `::${level} ${list.join(",")}::${data(`expected: ${expected}\nhappened: ${happened}`)}\n`;
    })
    .join("");
}

const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
