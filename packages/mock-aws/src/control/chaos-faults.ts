import { type FaultRule, parseFaultRules } from "@ekm/faults";
import { ControlError } from "./interface.js";
import type { ControlRoute } from "./route.js";

/** LocalStack's Chaos API: POST replaces the rules, PATCH adds, DELETE removes those given, or all with no body. */
export const chaosFaults: ControlRoute = {
  path: "/_localstack/chaos/faults",
  methods: {
    GET: ({ simulator }) => simulator.faults.list(),
    POST: async ({ simulator, body }) => simulator.faults.replace(rules(body)),
    PATCH: async ({ simulator, body }) => simulator.faults.add(rules(body)),
    DELETE: async ({ simulator, body }) => (body === undefined ? simulator.faults.clear() : simulator.faults.remove(rules(body))),
  },
};

function rules(body: unknown): FaultRule[] {
  const parsed = parseFaultRules(body);
  if (!parsed.ok) throw new ControlError(400, parsed.problems.join("; "));
  return parsed.rules;
}
