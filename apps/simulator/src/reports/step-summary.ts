import { formatDuration } from "../experiments/duration.js";
import { isWithinLimit, type Revocation } from "../runner/measure/revocation.js";
import type { ExperimentResult, Verdict } from "../runner/result.js";
import { revocationsOf } from "./revocations-of.js";

const SYMBOLS: Readonly<Record<Verdict, string>> = {
  "as expected": "✅",
  deviated: "❌",
  "harness failed": "⚠️",
  skipped: "⏭️",
};
/** GitHub takes 1 MiB for a step; a cell with more than this is no summary. */
const CELL = 300;

/** Markdown for a workflow run's page. */
export function stepSummary(results: readonly ExperimentResult[]): string {
  const counts = (Object.keys(SYMBOLS) as Verdict[]).map(
    (verdict) => `${results.filter((result) => result.verdict === verdict).length} ${verdict}`,
  );
  const measured = results.flatMap((result) => revocationsOf(result).map((revocation) => ({ name: result.name, revocation })));
  return [
    "## EKM experiments",
    "",
    counts.join(", "),
    "",
    "| | experiment | happened | seconds |",
    "|---|---|---|--:|",
    ...results.map(
      ({ name, verdict, happened, seconds }) =>
        `| ${SYMBOLS[verdict]} | ${cell(name)} | ${cell(happened)} | ${seconds.toFixed(1)} |`,
    ),
    "",
    ...(measured.length === 0
      ? []
      : [
          "### How long plaintext went on",
          "",
          "| experiment | t1 - t0 | t2 - t0 | promise | timed by |",
          "|---|--:|--:|--:|---|",
          ...measured.map(({ name, revocation }) => revocationRow(name, revocation)),
          "",
        ]),
  ].join("\n");
}

function revocationRow(name: string, revocation: Revocation): string {
  const { t0, t1, t2, limitMs, measuredBy } = revocation;
  const span = (to: number | undefined): string => (to === undefined || to < t0 ? "none" : formatDuration(to - t0));
  const kept = isWithinLimit(revocation) ? "" : " **broken**";
  return `| ${cell(name)} | ${t1 === undefined ? "" : span(t1)} | ${span(t2)} | ${formatDuration(limitMs)}${kept} | ${measuredBy} |`;
}

function cell(text: string): string {
  const short = text.length > CELL ? `${text.slice(0, CELL - 1)}…` : text;
  return short.replace(/\p{Cc}+/gu, " ").replace(/[\\|`*_<>[\]]/g, "\\$&");
}
