import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const settings = z.strictObject({
  enabled: z.boolean().optional(),
  perSecond: z.record(z.string(), z.number().positive().max(1_000_000)).optional(),
});

export const quotas: ControlRoute = {
  path: "/_simulator/quotas",
  methods: {
    GET: ({ simulator }) => simulator.quotas.get(),
    PUT: async ({ simulator, body }) => simulator.quotas.set(read(settings, body)),
  },
};
