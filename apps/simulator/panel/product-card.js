import { badge, facts, h, moment } from "./dom.js";
import { state } from "./state.js";

const HEALTH = { HEALTHY: "ok", DEGRADED: "warn", UNUSABLE: "bad", UNKNOWN: "quiet" };
const JOB = { SUCCEEDED: "ok", FAILED: "bad", RUNNING: "busy", QUEUED: "quiet", CANCELLED: "quiet" };

/** How the product finds the account's key, as a badge. */
export function health({ account, error }) {
  if (error) return badge("warn", "not seen");
  if (account.keyLock) return badge("warn", "LOCKED");
  const state = account.ekm?.key?.health.state;
  if (state) return badge(HEALTH[state] ?? "quiet", state);
  return badge("quiet", account.ekm ? account.ekm.status : "no EKM");
}

/** The same account as its admin sees it. */
export function productCard({ seen, aws }) {
  if (!state.product?.isThere)
    return h(
      "p",
      { class: "dim" },
      "No product is connected. Start the simulator with ",
      h("code", null, "--gateway"),
      " to see one here.",
    );
  if (state.product.error) return h("p", { class: "problem" }, state.product.error);
  if (!seen)
    return h(
      "p",
      { class: "dim" },
      aws?.isVendor ? "This is the product's own AWS account." : "No account of the product uses a key of this AWS account.",
    );
  if (seen.error)
    return [
      h("p", { class: "problem" }, `The account cannot be read: ${seen.error}.`),
      h("p", { class: "dim small" }, "It is tried again every two seconds."),
    ];
  const { account } = seen;
  const { ekm, keyLock } = account;
  return [
    facts(
      ["Account", account.name],
      ["Keys", account.keyManagement === "ENTERPRISE" ? "the customer's own" : "ours"],
      ["EKM", ekm ? badge("quiet", ekm.status) : "not activated"],
      ["Stops within", ekm ? `${ekm.revocationWindowSeconds} s of a change` : null],
    ),
    keyLock
      ? h("p", { class: "problem" }, "Locked by the customer since ", moment(keyLock.lockedAt), `: ${keyLock.reason}`)
      : null,
    ekm?.key ? keyHealth(ekm.key.health) : null,
    ekm?.activeRotation ? rotation(ekm.activeRotation) : null,
    ekm?.key ? [jobs("Backups", account.backups.nodes), jobs("Restores", account.restores.nodes)] : null,
    actions(account),
  ];
}

function keyHealth({ state: found, since, checkedAt, lastUsableAt, problem }) {
  return h(
    "div",
    { class: "key", "data-key": "health" },
    h("h3", null, "Key health ", h("span", { id: "health" }, badge(HEALTH[found] ?? "quiet", found))),
    h(
      "p",
      { class: "small dim" },
      "since ",
      moment(since),
      ", looked at ",
      moment(checkedAt),
      found === "HEALTHY" ? null : [", last usable ", moment(lastUsableAt)],
    ),
    problem ? why(problem) : null,
  );
}

function why({ code, message, remedy, possibleCauses }) {
  return h(
    "div",
    { class: "problem" },
    h("p", null, h("strong", null, code), " ", message),
    possibleCauses.length > 0
      ? [
          h("p", { class: "small" }, "It may be:"),
          h(
            "ul",
            { class: "small" },
            possibleCauses.map((cause) => h("li", null, cause)),
          ),
        ]
      : null,
    h("p", { class: "small" }, remedy),
  );
}

function rotation({ status, rewrapped, total, problem }) {
  return h(
    "div",
    { class: "key", "data-key": "rotation" },
    h("h3", null, "Change of key ", badge(status === "PAUSED" ? "warn" : "busy", status)),
    h("p", { class: "small dim" }, `${rewrapped} of ${total} wraps`),
    problem ? why(problem) : null,
  );
}

function jobs(title, list) {
  return h(
    "div",
    { class: "key", "data-key": title },
    h("h3", null, title),
    list.length === 0
      ? h("p", { class: "small dim" }, "None yet.")
      : h(
          "ul",
          { class: "jobs" },
          list.map((job) =>
            h(
              "li",
              { "data-key": job.id },
              badge(JOB[job.status] ?? "quiet", job.status),
              h(
                "span",
                { class: "small dim" },
                job.finishedAt ? ["ended ", moment(job.finishedAt)] : job.startedAt ? ["began ", moment(job.startedAt)] : "waits",
                done(job),
              ),
              job.problem
                ? h("span", { class: "small why" }, h("strong", null, job.problem.code), ` ${job.problem.message}`)
                : null,
            ),
          ),
        ),
  );
}

function done({ status, progress }) {
  if (status !== "RUNNING" || !Number(progress.bytesTotal)) return null;
  return `, ${Math.floor((Number(progress.bytesDone) / Number(progress.bytesTotal)) * 100)} %`;
}

function actions({ id, ekm, sources, succeeded }) {
  const ask = (what, text, isOff, hint) =>
    h("button", { type: "button", "data-do": what, "data-account": id, disabled: isOff, title: isOff ? hint : null }, text);
  return h(
    "div",
    { class: "actions" },
    ask("backup", "Start backup", sources.nodes.length === 0, "Nothing to back up is registered."),
    ask("restore", "Start restore", succeeded.nodes.length === 0, "No backup has succeeded yet."),
    ask("check", "Check key now", !ekm?.key, "The account has no key of its own."),
  );
}
