import { revocationInWords } from "../../runner/measure/revocation.js";
import type { ExperimentResult, StepRecord, Verdict } from "../../runner/result.js";
import { revocationsOf } from "../revocations-of.js";
import type { RunInfo } from "../run-info.js";
import { escapeHtml as e } from "./escape.js";
import { htmlPage } from "./page.js";
import { revocationTable } from "./revocation-table.js";
import { table } from "./table.js";
import { timeline } from "./timeline.js";

const VERDICTS: readonly Verdict[] = ["as expected", "deviated", "harness failed", "skipped"];
const WORST_FIRST: readonly Verdict[] = ["deviated", "harness failed", "as expected", "skipped"];

/** What went wrong comes first; otherwise in the order of the run. */
export function htmlReport(inOrder: readonly ExperimentResult[], info: RunInfo): string {
  const results = inOrder.toSorted((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  const totals = VERDICTS.map((verdict) => `${count(verdict)} ${verdict}`);
  const chips = VERDICTS.map(
    (verdict) => `<li class="${className(verdict)}${count(verdict) > 0 ? " some" : ""}">${count(verdict)} ${verdict}</li>`,
  );
  const measured = results.flatMap((result) => revocationsOf(result).map((revocation) => ({ name: result.name, revocation })));
  return htmlPage(
    `Experiments: ${totals.join(", ")}`,
    `<h1>Experiments</h1>
<p class="dim">${e(aboutRun(results, info))}</p>
<ul class="chips">${chips.join("")}</ul>
${summaryTable(results)}
${measured.length === 0 ? "" : `<h2>How long plaintext went on</h2>\n${revocationTable(measured)}\n<p class="dim">t0: the act is effective in AWS. t1: the first refused call. t2: the last plaintext written or sealed. none: nothing came after. self-reported: by the product alone, nobody else timed it.</p>`}
<h2>One by one</h2>
${LEGEND}
${results.map(details).join("\n")}`,
  );
}

export const LEGEND = `<p class="legend dim">${[
  ["given", "given"],
  ["steady", "steady state"],
  ["act", "method"],
  ["undo", "rollback, what is promised"],
  ["bad", "deviated"],
]
  .map(([colour, text]) => `<span><i style="background:var(--${colour})"></i>${text}</span>`)
  .join("")}</p>`;

function aboutRun(results: readonly ExperimentResult[], { seed, against, software }: RunInfo): string {
  const began = Math.min(...results.map(({ startedAt }) => startedAt));
  const when = Number.isFinite(began) ? [`${new Date(began).toISOString().slice(0, 19).replace("T", " ")} UTC`] : [];
  const versions = Object.entries(software).map(([name, version]) => `${name} ${version}`);
  return [...when, `against ${against}`, `seed ${seed}`, ...versions].join(" · ");
}

const className = (verdict: Verdict): string => verdict.replace(" ", "-");

function summaryTable(results: readonly ExperimentResult[]): string {
  return table(
    [
      { title: "Experiment", className: "name" },
      { title: "Verdict" },
      { title: "Expected" },
      { title: "Happened" },
      { title: "Seconds", className: "number" },
    ],
    results.map(({ name, verdict, expected, happened, seconds }) => ({
      className: className(verdict),
      cells: [
        `<a href="#${e(name)}">${e(name)}</a>`,
        `<span class="verdict">${e(verdict)}</span>`,
        e(expected),
        e(happened),
        seconds.toFixed(1),
      ],
    })),
  );
}

function details(result: ExperimentResult): string {
  const { name, title, verdict, expected, happened, seconds, steps, logs } = result;
  const open = verdict === "deviated" || verdict === "harness failed" ? " open" : "";
  return `<section id="${e(name)}" class="result ${className(verdict)}">
<header><h3>${e(name)}</h3><span class="verdict">${e(verdict)}</span></header>
<p>${e(title)}</p>
${verdict === "as expected" ? "" : `<p class="said"><b>Expected</b> ${e(expected)}<br><b>Happened</b> ${e(happened)}</p>`}
${timeline(result)}
${steps.length === 0 ? "" : `<details${open}><summary>${steps.length} steps in ${seconds.toFixed(1)} s</summary>\n${stepTable(steps, result.startedAt)}\n</details>`}
${logs.length === 0 ? "" : `<details><summary>The product's last log lines</summary><pre>${e(logs.join("\n"))}</pre></details>`}
</section>`;
}

export function stepTable(steps: readonly StepRecord[], startedAt: number): string {
  return table(
    [
      { title: "Phase" },
      { title: "Step" },
      { title: "What came of it" },
      { title: "At", className: "number" },
      { title: "Took", className: "number" },
    ],
    steps.map(({ phase, text, at, seconds, outcome }) => ({
      className: { held: "", deviated: "deviated", failed: "harness-failed" }[outcome.kind],
      cells: [
        e(phase),
        e(text),
        outcome.kind === "held" ? e(inWords(outcome)) : `<span class="verdict">${e(outcome.kind)}</span> ${e(inWords(outcome))}`,
        `${((at - startedAt) / 1000).toFixed(1)} s`,
        `${seconds.toFixed(2)} s`,
      ],
    })),
  );
}

function inWords(outcome: StepRecord["outcome"]): string {
  if (outcome.kind === "failed") return outcome.reason;
  const revocation = outcome.revocation ? revocationInWords(outcome.revocation) : "";
  const { happened = "" } = outcome;
  return [...new Set([happened, revocation])].filter(Boolean).join("; ") || outcome.kind;
}
