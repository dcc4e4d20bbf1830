import { z } from "zod";
import { ACCOUNT_STATUSES, SUSPENSION_PROFILES } from "./interface.js";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const newStatus = z.strictObject({ status: z.enum(ACCOUNT_STATUSES), profile: z.enum(SUSPENSION_PROFILES).optional() });

export const accountStatus: ControlRoute = {
  path: "/_simulator/accounts/{id}/status",
  methods: { PUT: async ({ simulator, id, body }) => simulator.accounts.setStatus(id, read(newStatus, body)) },
};
