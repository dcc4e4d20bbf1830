import { cloudTrail as trailOf } from "../cloudtrail/cloud-trail.js";
import { ControlError, type SimulatorEvent } from "./interface.js";
import type { ControlRoute } from "./route.js";

/** An account's trail, as a CloudTrail log file, of the calls that are kept. */
export const cloudTrail: ControlRoute = {
  path: "/_simulator/cloudtrail/{id}",
  methods: {
    GET: async ({ simulator, id }) => {
      if (!(await simulator.accounts.list()).some((account) => account.id === id)) {
        throw new ControlError(404, `there is no account ${id.slice(0, 200)}`);
      }
      const events: SimulatorEvent[] = [];
      (await simulator.subscribe((event) => events.push(event), { since: 0 }))();
      return trailOf(events, id);
    },
  },
};
