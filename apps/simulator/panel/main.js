import { accountsView } from "./accounts.js";
import { MOST_LINES } from "./calls.js";
import { h, show } from "./dom.js";
import { experimentsView } from "./experiments.js";
import { change, experiments, listen } from "./server.js";
import { pairs, place, state } from "./state.js";

const find = (id) => document.getElementById(id);
let isDue = false;

/** Draws once a frame at most, however much is heard. */
function draw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    drawNow();
  });
}

function drawNow() {
  const { view, id } = place();
  const link = (href, text, isHere) => h("a", { href, "aria-current": isHere ? "page" : null }, text);
  show(
    find("views"),
    link("#/", "Accounts and calls", view === "accounts"),
    link("#/experiments", state.run?.isRunning ? "Experiments (running)" : "Experiments", view === "experiments"),
  );
  const lost =
    state.lastHeardAt === null
      ? "connecting"
      : `no answer since ${state.lastHeardAt.toLocaleTimeString([], { hour12: false })}, trying again`;
  const connection = find("connection");
  connection.className = state.isConnected ? "dim" : "lost";
  show(connection, state.isConnected ? "live" : lost);
  document.body.classList.toggle("stale", !state.isConnected && state.world !== null);
  find("repair-all").disabled = (state.world?.repairs.length ?? 0) === 0;
  drawRepairs();
  if (view === "experiments") show(find("main"), experimentsView());
  else if (state.world) show(find("main"), accountsView());
  const chosen = view === "accounts" ? pairs().find((pair) => pair.id === id)?.title : "Experiments";
  document.title = chosen ? `${chosen} - Simulator panel` : "Simulator panel";
}

function drawRepairs() {
  const repairs = state.world?.repairs ?? [];
  show(
    find("repairs-body"),
    h("p", null, "Everything works again, the demo accounts that were broken on purpose too:"),
    h(
      "ul",
      null,
      repairs.map((repair) => h("li", null, repair)),
    ),
    h("p", { class: "dim small" }, "Locks and rotations are the product's own: they stay."),
  );
}

async function ask(path, body, busyKey) {
  if (busyKey !== undefined) {
    if (state.busy.has(busyKey)) return;
    state.busy.add(busyKey);
    draw();
  }
  show(find("failed"));
  try {
    show(find("said"), await change(path, body));
  } catch (error) {
    show(find("said"));
    show(find("failed"), error.message);
  } finally {
    if (busyKey !== undefined) state.busy.delete(busyKey);
    draw();
  }
}

/** What a control of an AWS account asks for, with what stands beside it. */
function actOf({ dataset, parentElement }) {
  const { act, arn, id, fault } = dataset;
  switch (act) {
    case "schedule-deletion":
      return { act, arn, days: Number(parentElement.querySelector("input").value) };
    case "suspend-account":
      return { act, id, profile: parentElement.querySelector("select").value };
    case "set-fault": {
      const on = parentElement.querySelector('[role="switch"]').getAttribute("aria-checked") !== "true";
      const ms = parentElement.querySelector("select")?.value;
      return { act, arn, fault, on, ...(ms === undefined ? {} : { ms: Number(ms) }) };
    }
    case "remove-rule":
      return { act, rule: state.world.rules[Number(dataset.rule)]?.rule };
    case "repair-account":
    case "reinstate-account":
      return { act, id };
    case "repair-all":
      return { act };
    default:
      return { act, arn };
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { act, do: wanted, account, run, stop, pause, clear, open, close, busyKey } = button.dataset;
  if (act !== undefined) {
    if (act === "repair-all") find("repairs").close();
    void ask("/_panel/act", actOf(button), busyKey);
  } else if (wanted !== undefined) void ask("/_panel/product", { do: wanted, accountId: account });
  else if (run !== undefined) {
    void ask("/_panel/run", { name: run });
    find("run-title")?.scrollIntoView({ block: "nearest" });
  } else if (stop !== undefined) void ask("/_panel/stop", {});
  else if (pause !== undefined) {
    state.paused = state.paused ? null : [...state.lines];
    draw();
  } else if (clear !== undefined) {
    state.lines = [];
    state.paused = state.paused ? [] : null;
    draw();
  } else if (open !== undefined) find(open).showModal();
  else if (close !== undefined) find(close).close();
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "call-text") state.filter.text = target.value;
  else if (target.id === "call-outcome") state.filter.outcome = target.value;
  else if (target.id === "call-mine") state.filter.mine = target.checked;
  else if (target.id === "experiment-search") state.search = target.value;
  else return;
  draw();
});

function hashChanged() {
  if (place().view === "experiments" && !state.experiments) {
    experiments().then(
      (list) => {
        state.experiments = list;
        state.experimentsError = null;
        draw();
      },
      (error) => {
        state.experimentsError = error.message;
        draw();
      },
    );
  }
  draw();
}
addEventListener("hashchange", hashChanged);

let isFirst = true;
listen(
  {
    world(world) {
      state.world = world;
      draw();
    },
    product(product) {
      state.product = product;
      draw();
    },
    calls(lines) {
      // A new connection begins with everything that is kept.
      state.lines = (isFirst ? lines : [...state.lines, ...lines]).slice(-MOST_LINES);
      isFirst = false;
      draw();
    },
    run(run) {
      state.run = run;
      draw();
    },
  },
  (isConnected) => {
    if (isConnected) isFirst = true;
    if (state.isConnected && !isConnected) state.lastHeardAt = new Date();
    state.isConnected = isConnected;
    draw();
  },
);
hashChanged();
