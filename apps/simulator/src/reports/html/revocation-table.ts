import { formatDuration } from "../../experiments/duration.js";
import { isWithinLimit, type Revocation } from "../../runner/measure/revocation.js";
import { escapeHtml as e } from "./escape.js";
import { type Row, table } from "./table.js";

export interface NamedRevocation {
  readonly name: string;
  readonly revocation: Revocation;
}

/** Each measured revocation against its promise; nothing where there is none. */
export function revocationTable(measured: readonly NamedRevocation[]): string {
  if (measured.length === 0) return "";
  const number = "number";
  return table(
    [
      { title: "Experiment", className: "name" },
      { title: "Job, act" },
      { title: "t1 - t0", className: number },
      { title: "t2 - t1", className: number },
      { title: "t2 - t0", className: number },
      { title: "Promise", className: number },
      { title: "Used", className: "used" },
      { title: "Timed by" },
    ],
    measured.map(row),
  );
}

function row({ name, revocation }: NamedRevocation): Row {
  const { job, act, t0, t1, t2, limitMs, measuredBy } = revocation;
  const kept = isWithinLimit(revocation);
  const used = t2 === undefined ? 0 : Math.max(0, (t2 - t0) / limitMs);
  const gauge = `<span class="gauge"><i style="width:${(Math.min(1, used) * 100).toFixed(0)}%"></i></span> ${
    kept ? `${Math.round(used * 100)} %` : "<strong>broken</strong>"
  }`;
  const by = measuredBy === "harness" ? "harness" : '<span class="flag">self-reported</span>';
  return {
    ...(kept ? {} : { className: "broken" }),
    cells: [e(name), e(`${job}, ${act}`), span(t0, t1), span(t1, t2), span(t0, t2), formatDuration(limitMs), gauge, by],
  };
}

function span(from: number | undefined, to: number | undefined): string {
  if (from === undefined || to === undefined) return "–";
  return to < from ? "none" : formatDuration(to - from);
}
