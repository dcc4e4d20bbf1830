import { revocationInWords } from "../../runner/measure/revocation.js";
import type { ExperimentResult, StepRecord, Verdict } from "../../runner/result.js";
import { escapeHtml as e } from "./escape.js";
import { STYLE } from "./style.js";
import { timeline } from "./timeline.js";

const VERDICTS: readonly Verdict[] = ["as expected", "deviated", "harness failed", "skipped"];

/** One file that needs no other: opens offline, prints, and runs no script. */
export function htmlReport(results: readonly ExperimentResult[], seed: number): string {
  const began = Math.min(...results.map(({ startedAt }) => startedAt));
  const when = Number.isFinite(began) ? `${new Date(began).toISOString().slice(0, 19).replace("T", " ")} UTC` : "";
  const totals = VERDICTS.map((verdict) => `${results.filter((result) => result.verdict === verdict).length} ${verdict}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Experiments: ${e(totals.join(", "))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Experiments</h1>
<p>${e(totals.join(", "))} <span class="dim">· ${e(when)} · seed ${seed}</span></p>
<table>
<thead><tr><th>Experiment</th><th>Verdict</th><th>Expected</th><th>Happened</th><th class="number">Seconds</th></tr></thead>
<tbody>
${results.map(summaryRow).join("\n")}
</tbody>
</table>
${revocationTable(results)}
<p class="legend dim"><span><i style="background:#afb8c1"></i>given</span><span><i style="background:#7cc5a1"></i>steady state</span><span><i style="background:#54aeff"></i>method</span><span><i style="background:#c297ff"></i>rollback, what is promised</span>
<span>t0: the act is effective</span><span>t1: first refused call</span><span>t2: last plaintext</span></p>
${results.map(details).join("\n")}
</body>
</html>
`;
}

const className = (verdict: Verdict): string => verdict.replace(" ", "-");

function summaryRow({ name, verdict, expected, happened, seconds }: ExperimentResult): string {
  return `<tr class="${className(verdict)}"><td><a href="#${e(name)}">${e(name)}</a></td><td class="verdict">${e(verdict)}</td><td>${e(expected)}</td><td>${e(happened)}</td><td class="number">${seconds.toFixed(1)}</td></tr>`;
}

function revocationTable(results: readonly ExperimentResult[]): string {
  const rows = results.flatMap(({ name, steps }) =>
    steps.flatMap(({ outcome }) => ("revocation" in outcome && outcome.revocation ? [{ name, ...outcome.revocation }] : [])),
  );
  if (rows.length === 0) return "";
  const span = (from: number | undefined, to: number | undefined): string =>
    from === undefined || to === undefined ? "–" : `${Math.round(to - from)} ms`;
  return `<h2>How long plaintext went on</h2>
<table>
<thead><tr><th>Experiment</th><th>Job, act</th><th class="number">t1 - t0</th><th class="number">t2 - t1</th><th class="number">t2 - t0</th><th class="number">limit</th><th>by</th></tr></thead>
<tbody>
${rows
  .map(
    ({ name, job, act, t0, t1, t2, limitMs, measuredBy }) =>
      `<tr><td>${e(name)}</td><td>${e(`${job}, ${act}`)}</td><td class="number">${span(t0, t1)}</td><td class="number">${span(t1, t2)}</td><td class="number">${span(t0, t2)}</td><td class="number">${limitMs} ms</td><td>${measuredBy}</td></tr>`,
  )
  .join("\n")}
</tbody>
</table>
<p class="dim">A negative span: the last plaintext came before.</p>`;
}

function details(result: ExperimentResult): string {
  const { name, title, verdict, expected, happened, seconds, steps, logs } = result;
  return `<section id="${e(name)}" class="${className(verdict)}">
<h2>${e(name)} <span class="verdict">${e(verdict)}</span></h2>
<p>${e(title)}</p>
${verdict === "as expected" ? "" : `<p><b>Expected:</b> ${e(expected)}<br><b>Happened:</b> ${e(happened)}</p>`}
${timeline(result)}
<details${verdict === "as expected" ? "" : " open"}><summary>${steps.length} steps in ${seconds.toFixed(1)} s</summary>
<table>
<thead><tr><th>Phase</th><th>Step</th><th>What came of it</th><th class="number">at</th><th class="number">took</th></tr></thead>
<tbody>
${steps.map((step) => stepRow(step, result.startedAt)).join("\n")}
</tbody>
</table>
</details>
${logs.length === 0 ? "" : `<details><summary>The product's last log lines</summary><pre>${e(logs.join("\n"))}</pre></details>`}
</section>`;
}

function stepRow({ phase, text, at, seconds, outcome }: StepRecord, startedAt: number): string {
  const detail = outcome.kind === "failed" ? outcome.reason : (outcome.happened ?? "");
  const revocation = "revocation" in outcome && outcome.revocation ? revocationInWords(outcome.revocation) : "";
  const words = detail === revocation ? detail : [detail, revocation].filter(Boolean).join("; ");
  return `<tr><td>${e(phase)}</td><td>${e(text)}</td><td>${e(words || outcome.kind)}</td><td class="number">${((at - startedAt) / 1000).toFixed(1)} s</td><td class="number">${seconds.toFixed(2)} s</td></tr>`;
}
