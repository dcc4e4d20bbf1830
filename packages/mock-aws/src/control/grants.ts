import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const settings = z.strictObject({ visibleAfterMs: z.number().int().min(0).max(3_600_000) });

export const grants: ControlRoute = {
  path: "/_simulator/grants",
  methods: {
    GET: ({ simulator }) => simulator.grants.get(),
    PUT: async ({ simulator, body }) => simulator.grants.set(read(settings, body)),
  },
};
