import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const MAX_MS = 100 * 366 * 24 * 60 * 60 * 1000;
const milliseconds = z.number().int().min(0).max(MAX_MS);

const move = z.union([
  z.strictObject({ advanceMs: milliseconds }),
  z.strictObject({ now: z.iso.datetime() }),
  z.strictObject({ offsetMs: milliseconds }),
]);

export const clock: ControlRoute = {
  path: "/_simulator/clock",
  methods: {
    GET: ({ simulator }) => simulator.clock.get(),
    PUT: async ({ simulator, body }) => simulator.clock.set(read(move, body)),
  },
};
