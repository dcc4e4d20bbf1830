import type { Revocation } from "../../runner/measure/revocation.js";
import { isWithinLimit } from "../../runner/measure/revocation.js";
import type { ExperimentResult, StepRecord } from "../../runner/result.js";
import { escapeHtml } from "./escape.js";

const WIDTH = 960;
const LABELS = 330;
const ROW = 18;
const TOP = 26;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300];
const MOST_TICKS = 10;

/** Every step as a bar on one axis of time, and for each measured revocation t0, t1, t2 and the limit as lines across. */
export function timeline(result: ExperimentResult): string {
  const { steps, startedAt } = result;
  if (steps.length === 0) return "";
  const end = Math.max(startedAt + result.seconds * 1000, ...steps.map(({ at, seconds }) => at + seconds * 1000));
  const scale = (WIDTH - LABELS - 40) / Math.max(1, end - startedAt);
  const x = (at: number): number => LABELS + Math.max(0, at - startedAt) * scale;
  const revocations = steps.flatMap(({ outcome }) => ("revocation" in outcome && outcome.revocation ? [outcome.revocation] : []));
  const height = TOP + steps.length * ROW + 8 + revocations.length * 16;
  return [
    `<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(`Timeline of ${result.name}`)}">`,
    ...axis(end - startedAt, (ms) => x(startedAt + ms), TOP + steps.length * ROW),
    ...steps.map((step, row) => bar(step, TOP + row * ROW, x)),
    ...revocations.flatMap((revocation, index) => marks(revocation, x, TOP + steps.length * ROW, index)),
    "</svg>",
  ].join("\n");
}

function axis(totalMs: number, x: (ms: number) => number, bottom: number): readonly string[] {
  const every = (TICKS.find((seconds) => totalMs / 1000 / seconds <= MOST_TICKS) ?? 600) * 1000;
  return Array.from({ length: Math.floor(totalMs / every) + 1 }, (_, index) => {
    const at = x(index * every).toFixed(1);
    return `<line class="grid" x1="${at}" x2="${at}" y1="16" y2="${bottom}"/><text class="tick" x="${at}" y="11">${Number(((index * every) / 1000).toFixed(1))} s</text>`;
  });
}

function bar({ phase, text, at, seconds, outcome }: StepRecord, y: number, x: (at: number) => number): string {
  const from = x(at);
  const width = Math.max(2, x(at + seconds * 1000) - from);
  const detail = outcome.kind === "failed" ? outcome.reason : (outcome.happened ?? outcome.kind);
  const title = `${phase}: ${text} (${seconds.toFixed(2)} s): ${detail}`;
  const label = text.length > 52 ? `${text.slice(0, 51)}…` : text;
  return (
    `<g><title>${escapeHtml(title)}</title>` +
    `<text class="label" x="${LABELS - 8}" y="${y + 12}">${escapeHtml(label)}</text>` +
    `<rect class="bar ${outcome.kind} ${phase.split(" ")[0]}" x="${from.toFixed(1)}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 7}" rx="1.5"/></g>`
  );
}

function marks(revocation: Revocation, x: (at: number) => number, bottom: number, index: number): readonly string[] {
  const { t0, t1, t2, limitMs } = revocation;
  const y = bottom + 16 * (index + 1);
  const line = (name: string, at: number): string =>
    `<line class="mark ${name}" x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${TOP - 4}" y2="${bottom + 2}"/>`;
  const span = `<rect class="${isWithinLimit(revocation) ? "promise" : "promise broken"}" x="${x(t0).toFixed(1)}" y="${TOP}" width="${(x(t0 + limitMs) - x(t0)).toFixed(1)}" height="${bottom - TOP}"/>`;
  const names = [
    `t0 ${revocation.act}`,
    ...(t1 === undefined ? [] : [`t1 +${t1 - t0} ms`]),
    ...(t2 === undefined ? [] : [`t2 ${t2 < t0 ? "" : "+"}${Math.round(t2 - t0)} ms`]),
    `limit +${limitMs} ms`,
  ].join(", ");
  return [
    span,
    line("t0", t0),
    ...(t1 === undefined ? [] : [line("t1", t1)]),
    ...(t2 === undefined ? [] : [line("t2", t2)]),
    line("limit", t0 + limitMs),
    `<text class="marks" x="${Math.min(x(t0), WIDTH - 380).toFixed(1)}" y="${y}">${escapeHtml(`${revocation.job}: ${names}`)}</text>`,
  ];
}
