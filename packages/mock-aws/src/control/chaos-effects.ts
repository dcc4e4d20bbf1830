import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const effects = z.strictObject({ latency: z.number().min(0).max(600_000).optional() });

export const chaosEffects: ControlRoute = {
  path: "/_localstack/chaos/effects",
  methods: {
    GET: ({ simulator }) => simulator.effects.get(),
    POST: async ({ simulator, body }) => simulator.effects.set(read(effects, body)),
    PATCH: async ({ simulator, body }) => simulator.effects.set({ ...(await simulator.effects.get()), ...read(effects, body) }),
    DELETE: ({ simulator }) => simulator.effects.set({}),
  },
};
