import { badge, h } from "./dom.js";
import { state } from "./state.js";

export const MOST_LINES = 500;
const MOST_SHOWN = 150;

/** Every AWS call and change, the newest first. */
export function callLog(chosen) {
  const lines = state.paused ?? state.lines;
  const matching = lines.filter((line) => matches(line, chosen));
  const shown = matching.slice(-MOST_SHOWN).reverse();
  const last = state.paused?.at(-1)?.seq ?? 0;
  const news = state.paused ? state.lines.filter(({ seq }) => seq > last).length : 0;
  const count =
    matching.length > shown.length
      ? `the last ${shown.length} of ${matching.length} calls and changes`
      : `${shown.length} calls and changes`;
  return h(
    "section",
    { class: "card calls", "aria-labelledby": "calls-title" },
    h(
      "div",
      { class: "toolbar" },
      h("h2", { id: "calls-title" }, "AWS calls"),
      h(
        "label",
        null,
        h("span", { class: "hidden" }, "Search the calls"),
        h("input", { type: "search", id: "call-text", placeholder: "operation, account, error ..." }),
      ),
      h(
        "label",
        null,
        h("span", { class: "hidden" }, "Which calls"),
        h(
          "select",
          { id: "call-outcome" },
          [
            ["all", "all"],
            ["refused", "refused only"],
            ["rule", "by a fault rule"],
            ["change", "changes only"],
          ].map(([value, text]) => h("option", { value }, text)),
        ),
      ),
      h("label", { class: "check" }, h("input", { type: "checkbox", id: "call-mine" }), "this account only"),
      h(
        "button",
        { type: "button", "data-pause": "", "aria-pressed": String(state.paused !== null) },
        state.paused ? `Continue${news > 0 ? ` (${news} new)` : ""}` : "Pause",
      ),
      h("button", { type: "button", "data-clear": "" }, "Clear"),
      h("span", { class: "dim small" }, count),
    ),
    shown.length === 0
      ? h(
          "p",
          { class: "dim" },
          lines.length === 0
            ? "No call yet: the product calls AWS when it works and when it looks at a key."
            : "No call matches.",
        )
      : table(shown),
  );
}

function matches(line, chosen) {
  const { text, outcome, mine } = state.filter;
  if (mine && !(chosen.aws && [line.accountId, line.callerAccountId].includes(chosen.aws.id))) return false;
  if (outcome === "refused" && !line.isRefused) return false;
  if (outcome === "rule" && line.cause?.kind !== "rule") return false;
  if (outcome === "change" && line.kind !== "change") return false;
  if (text === "") return true;
  const all = [line.what, line.caller, line.account, line.keyArn, line.outcome, line.cause?.text].join(" ").toLowerCase();
  return all.includes(text.toLowerCase());
}

function table(lines) {
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Calls, the newest first" },
    h(
      "table",
      null,
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          ["Time", "Operation", "Caller", "Key of", "Outcome", "Why", "ms"].map((title) => h("th", { scope: "col" }, title)),
        ),
      ),
      h("tbody", { id: "calls" }, lines.map(row)),
    ),
  );
}

function row(line) {
  const { seq, at, kind, what, caller, account, keyArn, outcome, isRefused, cause, ms } = line;
  const tone = kind === "change" ? "quiet" : isRefused ? "bad" : "ok";
  const time = new Date(at).toLocaleTimeString([], { hour12: false });
  const cell = (label, content, attributes) => h("td", { "data-label": label, ...attributes }, content);
  return h(
    "tr",
    { "data-key": seq, class: kind },
    cell("Time", h("time", { datetime: at }, `${time}.${at.slice(20, 23)}`), { class: "number" }),
    cell("Operation", what),
    cell("Caller", caller ?? ""),
    cell("Key of", account ?? "", { title: keyArn, class: "whole" }),
    cell("Outcome", badge(tone, outcome), { class: "whole" }),
    cell("Why", cause ? cause.text : ""),
    cell("ms", ms === null ? "" : ms.toFixed(1), { class: "number" }),
  );
}
