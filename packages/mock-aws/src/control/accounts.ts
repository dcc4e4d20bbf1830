import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const newAccount = z.strictObject({
  id: z
    .string()
    .regex(/^\d{12}$/, "must be 12 digits")
    .optional(),
  name: z.string().min(1).max(256),
  principal: z
    .string()
    .regex(/^(user|role)\/[\w+=,.@-]{1,64}$/, "must be user/NAME or role/NAME")
    .optional(),
});

export const accounts: ControlRoute = {
  path: "/_simulator/accounts",
  methods: {
    GET: ({ simulator }) => simulator.accounts.list(),
    POST: async ({ simulator, body }) => simulator.accounts.create(read(newAccount, body)),
  },
};
