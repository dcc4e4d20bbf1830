import type { ControlRoute } from "./route.js";

export const keys: ControlRoute = {
  path: "/_simulator/keys",
  methods: { GET: ({ simulator }) => simulator.keys.list() },
};
