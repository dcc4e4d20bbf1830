import type { ControlRoute } from "./route.js";

export const reset: ControlRoute = {
  path: "/_simulator/reset",
  methods: { POST: ({ simulator }) => simulator.reset() },
};
