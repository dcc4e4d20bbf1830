import { formatDuration } from "../../experiments/duration.js";
import { isWithinLimit, type Revocation } from "../../runner/measure/revocation.js";
import type { ExperimentResult, StepRecord } from "../../runner/result.js";
import { revocationsOf } from "../revocations-of.js";
import { escapeHtml as e } from "./escape.js";

const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300];
const MOST_TICKS = 8;

/** Every step as a bar on one axis of time, and for each measured revocation t0, t1, t2 and the promise as lines across. */
export function timeline({
  name,
  steps,
  startedAt,
  seconds,
}: Pick<ExperimentResult, "name" | "steps" | "startedAt" | "seconds">): string {
  if (steps.length === 0) return "";
  const revocations = revocationsOf({ steps });
  const end = Math.max(
    startedAt + seconds * 1000,
    ...steps.map((step) => step.at + step.seconds * 1000),
    ...revocations.map(({ t0, limitMs }) => t0 + limitMs),
  );
  const total = Math.max(1, end - startedAt);
  const percent = (at: number): number => Math.min(100, Math.max(0, ((at - startedAt) / total) * 100));
  return [
    `<div class="timeline" role="img" aria-label="${e(`Timeline of ${name}`)}">`,
    `<div class="over">${ticks(total)}${revocations.map((revocation) => marks(revocation, percent)).join("")}</div>`,
    ...steps.map((step) => row(step, percent)),
    "</div>",
    ...revocations.map(caption),
  ].join("\n");
}

function ticks(totalMs: number): string {
  const every = (TICKS.find((seconds) => totalMs / 1000 / seconds <= MOST_TICKS) ?? 600) * 1000;
  return Array.from({ length: Math.floor(totalMs / every) + 1 }, (_, index) => {
    const left = ((index * every) / totalMs) * 100;
    // The last would run out of the page.
    return left > 96
      ? ""
      : `<span class="tick" style="left:${left.toFixed(2)}%">${Number(((index * every) / 1000).toFixed(1))} s</span>`;
  }).join("");
}

function row({ phase, text, at, seconds, outcome }: StepRecord, percent: (at: number) => number): string {
  const left = percent(at);
  const width = percent(at + seconds * 1000) - left;
  const detail = outcome.kind === "failed" ? outcome.reason : (outcome.happened ?? outcome.kind);
  const title = e(`${phase}: ${text} (${seconds.toFixed(2)} s): ${detail}`);
  return `<div class="row ${phase.split(" ")[0]} is-${outcome.kind}" title="${title}"><span class="label">${e(text)}</span><span class="track"><span class="bar" style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"></span></span></div>`;
}

function marks(revocation: Revocation, percent: (at: number) => number): string {
  const { t0, t1, t2, limitMs } = revocation;
  const line = (name: string, at: number | undefined): string =>
    at === undefined ? "" : `<span class="mark ${name}" style="left:${percent(at).toFixed(2)}%"></span>`;
  const width = percent(t0 + limitMs) - percent(t0);
  const promise = `<span class="promise${isWithinLimit(revocation) ? "" : " broken"}" style="left:${percent(t0).toFixed(2)}%;width:${width.toFixed(2)}%"></span>`;
  return [promise, line("t0", t0), line("t1", t1), line("t2", t2), line("limit", t0 + limitMs)].join("");
}

function caption({ job, act, t0, t1, t2, limitMs, measuredBy }: Revocation): string {
  const since = (at: number): string => (at < t0 ? `${formatDuration(t0 - at)} before` : `+${formatDuration(at - t0)}`);
  const parts = [
    `<b class="t0">t0</b> ${e(act)}, ${new Date(t0).toISOString().slice(11, 23)}`,
    ...(t1 === undefined ? [] : [`<b class="t1">t1</b> first refused call ${since(t1)}`]),
    t2 === undefined ? '<b class="t2">t2</b> no plaintext at all' : `<b class="t2">t2</b> last plaintext ${since(t2)}`,
    `<b class="limit">promise</b> +${formatDuration(limitMs)}`,
  ];
  const flag = measuredBy === "self-reported" ? ' <span class="flag">self-reported</span>' : "";
  return `<p class="marks">${e(job)}: ${parts.join(" · ")}${flag}</p>`;
}
