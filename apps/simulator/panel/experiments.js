import { badge, h } from "./dom.js";
import { state } from "./state.js";

const VERDICT = { "as expected": "ok", deviated: "bad", "harness failed": "warn", skipped: "quiet" };

export function experimentsView() {
  return h(
    "div",
    { class: "experiments", "data-key": "experiments" },
    h("section", { class: "card", "aria-labelledby": "run-title" }, runPart()),
    h(
      "section",
      { class: "card", "aria-labelledby": "catalogue-title" },
      h("h2", { id: "catalogue-title" }, "Experiments"),
      catalogue(),
    ),
  );
}

function catalogue() {
  const { experiments, experimentsError, search, run } = state;
  if (experimentsError) return h("p", { class: "problem" }, experimentsError);
  if (!experiments) return h("p", { class: "dim" }, "Reading the catalogue ...");
  const wanted = search.toLowerCase();
  const found = experiments.filter(({ name, title, tags, proves }) =>
    [name, title, ...tags, ...proves].join(" ").toLowerCase().includes(wanted),
  );
  return [
    h(
      "p",
      { class: "dim small" },
      "Each runs on a stack of its own, one at a time: the accounts in the other view are left alone.",
    ),
    h(
      "div",
      { class: "toolbar" },
      h(
        "label",
        null,
        h("span", { class: "hidden" }, "Search the experiments"),
        h("input", { type: "search", id: "experiment-search", placeholder: "name, claim, tag ..." }),
      ),
      h("span", { class: "dim small" }, `${found.length} of ${experiments.length}`),
    ),
    found.length === 0
      ? h("p", { class: "dim" }, "None matches.")
      : h(
          "ul",
          { class: "catalogue" },
          found.map(({ name, title, tags, proves }) =>
            h(
              "li",
              { "data-key": name },
              h(
                "div",
                null,
                h("h3", null, name),
                h("p", null, title),
                h(
                  "p",
                  { class: "small dim" },
                  [`tags: ${tags.join(", ")}`, proves.length > 0 ? `proves ${proves.join(", ")}` : ""]
                    .filter(Boolean)
                    .join(" · "),
                ),
              ),
              h(
                "button",
                { type: "button", "data-run": name, disabled: run?.isRunning === true, "aria-label": `Run ${name}` },
                "Run",
              ),
            ),
          ),
        ),
  ];
}

function runPart() {
  const { run } = state;
  if (!run)
    return [
      h("h2", { id: "run-title" }, "No run yet"),
      h("p", { class: "dim" }, "Pick an experiment and run it: its steps appear here as they happen."),
    ];
  const { name, title, isRunning, result, error, progress } = run;
  const verdict = isRunning
    ? badge("busy", "running")
    : error
      ? badge("warn", "harness failed")
      : badge(VERDICT[result?.verdict] ?? "quiet", result?.verdict ?? "");
  return [
    h("h2", { id: "run-title" }, name, " ", h("span", { id: "verdict" }, verdict)),
    h("p", null, title),
    error ? h("p", { class: "problem" }, error) : null,
    isRunning
      ? [h("div", { class: "actions" }, h("button", { type: "button", "data-stop": "" }, "Stop")), steps(progress)]
      : null,
    result ? outcome(run) : null,
  ];
}

/** What it does at the moment, the newest first. */
function steps(progress) {
  const list = progress.slice(-40).reverse();
  return h(
    "ol",
    { class: "progress", reversed: true, role: "log", "aria-label": "Steps" },
    list.map(({ at, text }, index) =>
      h(
        "li",
        { "data-key": `${at} ${text}`, class: index === 0 ? "now" : null },
        h("span", { class: "number dim small" }, new Date(at).toLocaleTimeString([], { hour12: false })),
        ` ${text}`,
      ),
    ),
  );
}

function outcome({ result, directory }) {
  const { expected, happened, seconds, steps: all } = result;
  return [
    h(
      "dl",
      { class: "facts" },
      h("dt", null, "Expected"),
      h("dd", null, expected),
      h("dt", null, "Happened"),
      h("dd", null, happened),
      h("dt", null, "Took"),
      h("dd", null, `${seconds.toFixed(1)} s`),
    ),
    all.length > 0 ? timeline(result) : null,
    h(
      "p",
      null,
      "Report: ",
      ["report.html", "results.json", "junit.xml"].map((file, index) => [
        index > 0 ? ", " : null,
        h("a", { href: `/_panel/report/${file}`, target: "_blank", rel: "noopener" }, file),
      ]),
    ),
    h("p", { class: "small dim" }, "Files: ", h("code", null, directory)),
  ];
}

const PHASES = {
  given: "given",
  "steady-state before": "steady",
  method: "act",
  rollback: "undo",
  "steady-state after": "steady",
  promised: "undo",
};

/** Every step as a bar on one axis of time. */
function timeline({ steps: all, startedAt, seconds }) {
  const total = Math.max(seconds * 1000, ...all.map((step) => step.at + step.seconds * 1000 - startedAt), 1);
  const percent = (ms) => `${((Math.max(0, ms) / total) * 100).toFixed(2)}%`;
  return [
    h("h3", null, "Timeline"),
    h(
      "ol",
      { class: "timeline" },
      all.map(({ phase, text, at, seconds: took, outcome: { kind, happened, reason } }, index) =>
        h(
          "li",
          { "data-key": index, class: kind },
          h("span", { class: "what" }, h("span", { class: "dim small" }, `${phase}: `), text),
          h(
            "svg",
            { class: "track", "aria-hidden": "true" },
            h("rect", {
              class: kind === "held" ? PHASES[phase] : "wrong",
              x: percent(at - startedAt),
              y: "0",
              width: percent(Math.max(took * 1000, total / 200)),
              height: "100%",
              rx: "2",
            }),
          ),
          h("span", { class: "number small" }, `${took.toFixed(2)} s`),
          kind !== "held" || happened
            ? h("span", { class: "small came" }, kind === "held" ? happened : `${kind}: ${reason ?? happened ?? ""}`)
            : null,
        ),
      ),
    ),
  ];
}
