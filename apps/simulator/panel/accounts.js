import { awsCard } from "./aws-card.js";
import { callLog } from "./calls.js";
import { badge, h } from "./dom.js";
import { health, productCard } from "./product-card.js";
import { pairs, place, state } from "./state.js";

export function accountsView() {
  const all = pairs();
  if (all.length === 0) return empty();
  const chosen = all.find(({ id }) => id === place().id) ?? all[0];
  return h(
    "div",
    { class: "accounts", "data-key": "accounts" },
    h(
      "div",
      { class: "side" },
      h(
        "section",
        { "aria-labelledby": "accounts-title" },
        h("h2", { id: "accounts-title" }, "Accounts"),
        h(
          "ul",
          { class: "list" },
          all.map((pair) => row(pair, pair === chosen)),
        ),
      ),
      h("section", { "aria-labelledby": "rules-title" }, rules()),
    ),
    h(
      "div",
      { class: "pair" },
      h(
        "section",
        { class: "card", "aria-labelledby": "aws-title" },
        h("h2", { id: "aws-title" }, "In AWS"),
        chosen.aws
          ? awsCard(chosen.aws)
          : h("p", { class: "dim" }, "This account has no key of its own yet: in AWS there is nothing to break."),
      ),
      h(
        "section",
        { class: "card", "aria-labelledby": "product-title" },
        h("h2", { id: "product-title" }, "In the product"),
        productCard(chosen),
      ),
    ),
    callLog(chosen),
  );
}

function empty() {
  return h(
    "div",
    { class: "empty" },
    h("h2", null, "No AWS account yet"),
    h(
      "p",
      null,
      "Accounts and keys appear here as soon as there are any. ",
      h("code", null, "ekm-sim up"),
      " starts a product with demo accounts.",
    ),
  );
}

function row({ id, title, seen, aws }, isChosen) {
  const troubles = aws?.troubles ?? [];
  return h(
    "li",
    { "data-key": id },
    h(
      "a",
      { href: `#/${encodeURIComponent(id)}`, "aria-current": isChosen ? "true" : null, class: isChosen ? "chosen" : null },
      h("span", { class: "name" }, title),
      seen ? health(seen) : aws?.isVendor ? badge("quiet", "the vendor") : null,
      troubles.length > 0
        ? h(
            "span",
            { class: "badges" },
            troubles.map((trouble) => badge("bad", trouble)),
          )
        : null,
    ),
  );
}

function rules() {
  const { rules: others, latencyMs, leftOut } = state.world;
  return [
    leftOut > 0 ? h("p", { class: "dim small" }, `${leftOut} more accounts are not shown.`) : null,
    h("h2", { id: "rules-title" }, "Fault rules"),
    others.length === 0 && latencyMs === 0
      ? h("p", { class: "dim small" }, "None but the switches. ", h("code", null, "ekm-sim fault add"), " makes finer ones.")
      : h(
          "ul",
          { class: "rules" },
          latencyMs > 0 ? h("li", { "data-key": "latency" }, `Every call comes ${latencyMs} ms late`) : null,
          others.map(({ text }, index) =>
            h(
              "li",
              { "data-key": text },
              h("span", null, text),
              h(
                "button",
                {
                  type: "button",
                  class: "small",
                  "data-act": "remove-rule",
                  "data-rule": index,
                  "aria-label": `Remove the rule: ${text}`,
                },
                "Remove",
              ),
            ),
          ),
        ),
  ];
}
