import type { ControlRoute } from "./route.js";

export const health: ControlRoute = {
  path: "/_simulator/health",
  methods: { GET: ({ simulator }) => simulator.health() },
};
