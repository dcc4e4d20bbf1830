import { request } from "node:http";
import type { FaultRule } from "@ekm/faults";
import { ControlError, type SimulatorControl, type SimulatorEvent } from "../control/interface.js";
import { parseEventStream } from "./event-stream.js";
import { httpCall } from "./http.js";

/** The control interface of a simulator at `endpoint` (`http://127.0.0.1:4566`). Rejects with ControlError, or as the network does. */
export function createSimulatorClient(endpoint: string): SimulatorControl {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await httpCall(new URL(path, endpoint), {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = answer.body.toString("utf8");
    if (answer.status >= 400) throw new ControlError(answer.status, messageOf(text));
    return JSON.parse(text) as T;
  }
  const faults = "/_localstack/chaos/faults";
  const effects = "/_localstack/chaos/effects";
  return {
    health: () => call("GET", "/_simulator/health"),
    accounts: {
      list: () => call("GET", "/_simulator/accounts"),
      create: (account) => call("POST", "/_simulator/accounts", account),
      setStatus: (id, status) => call("PUT", `/_simulator/accounts/${encodeURIComponent(id)}/status`, status),
      update: (id, change) => call("PUT", `/_simulator/accounts/${encodeURIComponent(id)}`, change),
      setPrincipal: (id, name, change) =>
        call("PUT", `/_simulator/accounts/${encodeURIComponent(id)}/principals/${encodeURIComponent(name)}`, change),
    },
    quotas: {
      get: () => call("GET", "/_simulator/quotas"),
      set: (settings) => call("PUT", "/_simulator/quotas", settings),
    },
    grants: {
      get: () => call("GET", "/_simulator/grants"),
      set: (settings) => call("PUT", "/_simulator/grants", settings),
    },
    keys: {
      list: () => call("GET", "/_simulator/keys"),
      setState: (id, state) => call("PUT", `/_simulator/keys/${encodeURIComponent(id)}/state`, state),
    },
    faults: {
      list: () => call("GET", faults),
      replace: (rules: readonly FaultRule[]) => call("POST", faults, rules),
      add: (rules) => call("PATCH", faults, rules),
      remove: (rules) => call("DELETE", faults, rules),
      clear: () => call("POST", faults, []),
    },
    effects: {
      get: () => call("GET", effects),
      set: (wanted) => call("POST", effects, wanted),
    },
    clock: {
      get: () => call("GET", "/_simulator/clock"),
      set: (move) => call("PUT", "/_simulator/clock", move),
    },
    subscribe: (listener, options = {}) => subscribe(endpoint, listener, options),
    reset: () => call("POST", "/_simulator/reset"),
  };
}

function messageOf(text: string): string {
  try {
    const value = JSON.parse(text) as { message?: unknown };
    if (typeof value.message === "string") return value.message;
  } catch {
    // Falls through: not an answer of the control interface.
  }
  return text.slice(0, 200);
}

function subscribe(
  endpoint: string,
  listener: (event: SimulatorEvent) => void,
  options: { since?: number; onEnd?: () => void },
): Promise<() => void> {
  const url = new URL("/_simulator/events", endpoint);
  if (options.since !== undefined) url.searchParams.set("since", String(options.since));
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers: { accept: "text/event-stream" }, agent: false });
    let stopped = false;
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      if (incoming.statusCode !== 200) {
        outgoing.destroy();
        reject(new ControlError(incoming.statusCode ?? 500, "the event stream is not available"));
        return;
      }
      incoming.setEncoding("utf8");
      incoming.on(
        "data",
        parseEventStream((data) => !stopped && listener(JSON.parse(data) as SimulatorEvent)),
      );
      incoming.on("error", () => {});
      incoming.on("close", () => {
        if (!stopped) options.onEnd?.();
      });
      resolve(() => {
        stopped = true;
        outgoing.destroy();
      });
    });
    outgoing.end();
  });
}
