import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const change = z.strictObject({
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "must be o- and 10 to 32 letters and digits")
    .nullable(),
});

export const account: ControlRoute = {
  path: "/_simulator/accounts/{id}",
  methods: { PUT: async ({ simulator, id, body }) => simulator.accounts.update(id, read(change, body)) },
};
