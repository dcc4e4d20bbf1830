import { z } from "zod";
import { EXTERNAL_KEY_CONDITIONS, KEY_STATES, PENDING_DELETION_ERRORS } from "./interface.js";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const DAY_MS = 24 * 60 * 60 * 1000;

const newState = z
  .strictObject({
    state: z.enum(KEY_STATES).optional(),
    visibleAfterMs: z.number().int().min(0).max(DAY_MS).optional(),
    pendingDeletionError: z.enum(PENDING_DELETION_ERRORS).optional(),
    externalKey: z.enum(EXTERNAL_KEY_CONDITIONS).optional(),
  })
  .refine((body) => body.state ?? body.pendingDeletionError ?? body.externalKey, "nothing to change");

export const keyState: ControlRoute = {
  path: "/_simulator/keys/{id}/state",
  methods: { PUT: async ({ simulator, id, body }) => simulator.keys.setState(id, read(newState, body)) },
};
