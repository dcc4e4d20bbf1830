import { badge, facts, h, moment } from "./dom.js";
import { state } from "./state.js";

const PROFILES = [
  ["cross-account-denied", "AccessDenied"],
  ["invalid-state", "KMSInvalidState"],
  ["not-found", "NotFound"],
];
const DELAYS = [
  [500, "0.5 s"],
  [2_000, "2 s"],
  [10_000, "10 s"],
];

/** The account and its keys, with a switch for everything that can befall them. */
export function awsCard(account) {
  const { id, name, status, profile, keys, troubles, isVendor } = account;
  const isSuspended = status === "SUSPENDED";
  return [
    facts(
      ["Account", [h("span", null, `${name} `), h("code", null, id)]],
      ["Status", badge(status === "ACTIVE" ? "ok" : "bad", status)],
    ),
    isVendor ? h("p", { class: "dim small" }, "The product's own account: suspended, it cannot call KMS for anybody.") : null,
    h(
      "ul",
      { class: "switches" },
      toggle({
        name: "Account suspended",
        hint: "every key of it refuses others",
        isOn: isSuspended,
        data: { act: isSuspended ? "reinstate-account" : "suspend-account", id },
        more: select("What its keys answer", `profile-${id}`, PROFILES, profile, isSuspended),
      }),
    ),
    keys.length === 0 ? h("p", { class: "dim" }, "It has no keys.") : keys.map((key) => keyPart(key, status)),
    h(
      "div",
      { class: "actions" },
      h(
        "button",
        { type: "button", "data-act": "repair-account", "data-id": id, disabled: troubles.length === 0 },
        "Repair this account",
      ),
    ),
  ];
}

function keyPart(key, accountStatus) {
  const { arn, state: keyState, description, region, granted, faults, deletionDate } = key;
  const isPending = keyState === "PendingDeletion";
  const isStopped = accountStatus === "SUSPENDED" || accountStatus === "CLOSED";
  const owners = isStopped ? "its owner can do nothing while the account is suspended" : null;
  return h(
    "div",
    { class: "key", "data-key": arn },
    h("h3", null, description || "Key", " ", badge(keyState === "Enabled" ? "ok" : "bad", keyState)),
    h("p", { class: "small dim" }, h("code", null, arn)),
    h("p", { class: "small dim" }, region, deletionDate === null ? null : [", deleted ", moment(deletionDate)]),
    h(
      "ul",
      { class: "switches" },
      toggle({
        name: "Disabled",
        hint: owners ?? (isPending ? "not while it is to be deleted" : "DisabledException"),
        isOn: keyState === "Disabled",
        isOff: isPending || isStopped,
        data: { act: keyState === "Disabled" ? "enable-key" : "disable-key", arn },
      }),
      toggle({
        name: "Deletion scheduled",
        hint: owners ?? "KMSInvalidStateException",
        isOn: isPending,
        isOff: isStopped,
        data: { act: isPending ? "cancel-deletion" : "schedule-deletion", arn },
        more: h(
          "label",
          { class: "more" },
          "days",
          h("input", {
            type: "number",
            min: 7,
            max: 30,
            value: 30,
            name: "days",
            "aria-label": "Days until it is deleted",
            disabled: isPending,
          }),
        ),
      }),
      toggle({
        name: "Grant revoked",
        hint: granted === null ? "needs a product to know whose grant" : (owners ?? "AccessDeniedException"),
        isOn: granted === false,
        isOff: granted === null || isStopped,
        data: { act: granted === false ? "restore-grant" : "revoke-grant", arn },
      }),
      toggle({
        name: "Throttled",
        hint: "ThrottlingException",
        isOn: faults.throttled,
        data: { act: "set-fault", arn, fault: "throttled" },
      }),
      toggle({
        name: "Slow",
        hint: "every answer comes late",
        isOn: faults.slowMs > 0,
        data: { act: "set-fault", arn, fault: "slow" },
        more: select("How late", `ms-${arn}`, DELAYS, faults.slowMs || 2_000, faults.slowMs > 0),
      }),
      toggle({
        name: "Unreachable",
        hint: "connections are reset",
        isOn: faults.unreachable,
        data: { act: "set-fault", arn, fault: "unreachable" },
      }),
    ),
  );
}

function toggle({ name, hint, isOn, isOff = false, data, more = null }) {
  const key = [name, data.arn ?? data.id].join(" ");
  const attributes = Object.fromEntries(Object.entries(data).map(([field, value]) => [`data-${field}`, value]));
  return h(
    "li",
    { "data-key": key, class: isOn ? "on" : null },
    h(
      "button",
      {
        type: "button",
        role: "switch",
        class: "switch",
        "aria-checked": String(isOn),
        "aria-busy": state.busy.has(key) ? "true" : null,
        "data-busy-key": key,
        disabled: isOff,
        ...attributes,
      },
      h("span", { class: "knob", "aria-hidden": "true" }),
      name,
    ),
    h("span", { class: "dim small hint" }, hint),
    more,
  );
}

function select(label, id, options, value, isOff) {
  return h(
    "label",
    { class: "more" },
    h(
      "select",
      { id, "aria-label": label, disabled: isOff },
      options.map(([option, text]) => h("option", { value: option, selected: option === value }, text)),
    ),
  );
}
