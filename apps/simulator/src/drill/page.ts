import { escapeHtml as e } from "../reports/html/escape.js";
import { htmlPage } from "../reports/html/page.js";
import { LEGEND, stepTable } from "../reports/html/report.js";
import { table } from "../reports/html/table.js";
import { timeline } from "../reports/html/timeline.js";
import type { DrillReport } from "./report.js";

/** A report to file: what was promised, what was measured and by whom, what was not, and where it can be signed. */
export function drillPage(report: DrillReport, jsonSha256: string): string {
  const startedAt = Date.parse(report.startedAt);
  const seconds = (Date.parse(report.finishedAt) - startedAt) / 1000;
  return htmlPage(
    `Revocation drill ${report.id}: ${report.verdict}`,
    `<h1>Revocation drill</h1>
<p class="dim">${e(report.id)} · ${e(report.startedAt.slice(0, 19).replace("T", " "))} UTC</p>
<div class="banner ${report.verdict.replace(" ", "-")}"><span class="verdict">${e(report.verdict.toUpperCase())}</span><p>${e(report.summary)}</p>${
      report.keyMayBeDisabled ? "<p><strong>The key may still be disabled: its owner should look.</strong></p>" : ""
    }</div>
${facts(report)}
<h2>What was measured, and by whom</h2>
${table(
  [{ title: "What", className: "name" }, { title: "Value" }, { title: "By" }],
  report.measurements.map(({ name, value, by }) => ({
    cells: [
      e(name),
      e(value),
      by === "the product (self-reported)" ? '<span class="flag">self-reported by the product</span>' : e(by),
    ],
  })),
)}
<p>By the product's word alone: ${e(report.selfReported.join("; "))}.</p>
<h2>Course</h2>
${LEGEND}
${timeline({ name: report.id, steps: report.steps, startedAt, seconds })}
${stepTable(report.steps, startedAt)}
<h2>Jobs</h2>
${jobTable(report)}
<h2>How to read this</h2>
<p>The promise: from the moment a change of the key is effective in AWS, no plaintext is released after the revocation window, running
jobs included. What AWS needs to make a change effective everywhere comes before that. A restore that had finished is outside the
promise. The drill used canary data only; its backups stay in the account.</p>
<p class="dim">The same in a form for programs is in drill.json, SHA-256 <code>${jsonSha256}</code>.</p>
<div class="sign"><span>Name</span><span>Signature</span><span>Date</span></div>`,
  );
}

function facts(report: DrillReport): string {
  const { account, key, gateway, promiseSeconds, mode, canary, startedAt, finishedAt, software } = report;
  const acted =
    mode === "manual" ? "the key's owner, asked by the drill" : "the drill, with the owner's credentials of a simulated AWS";
  const rows: readonly (readonly [string, string])[] = [
    ["Account", `${account.name} (${account.id})`],
    ["Customer key", key.arn],
    ["Product", gateway],
    ["Promised", `no plaintext later than ${promiseSeconds} s after a change is effective`],
    ["Who disabled the key", acted],
    ["Canary data", canary],
    ["Began, ended", `${startedAt}, ${finishedAt}`],
    [
      "Software",
      Object.entries(software)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
    ["Product's version", "not stated by its API"],
  ];
  return `<dl class="facts">${rows.map(([name, value]) => `<dt>${e(name)}</dt><dd>${e(value)}</dd>`).join("")}</dl>`;
}

function jobTable({ jobs }: DrillReport): string {
  return table(
    [
      { title: "When" },
      { title: "Job", className: "name" },
      { title: "Status" },
      { title: "Began" },
      { title: "Ended" },
      { title: "Last plaintext" },
    ],
    jobs.map(({ role, kind, id, status, code, startedAt, finishedAt, lastPlaintextAt }) => ({
      cells: [
        e(role),
        `${kind} <code>${e(id)}</code>`,
        e([status, code].filter(Boolean).join(" ")),
        ...[startedAt, finishedAt, lastPlaintextAt].map((at) => (at === null ? "–" : e(at.slice(11, 23)))),
      ],
    })),
  );
}
