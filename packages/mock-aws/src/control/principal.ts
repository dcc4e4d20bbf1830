import { z } from "zod";
import { read } from "./read.js";
import type { ControlRoute } from "./route.js";

const document = z.union([z.string().max(131_072), z.record(z.string(), z.unknown())]);

const change = z.strictObject({
  policies: z.array(document).max(20).nullable().optional(),
  trustPolicy: document.nullable().optional(),
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
  viaService: z
    .string()
    .regex(/^[a-z0-9-]{1,64}\.[a-z0-9-]{1,32}\.amazonaws\.com$/, "must be SERVICE.REGION.amazonaws.com")
    .nullable()
    .optional(),
});

/** `{name}` is `user/NAME` or `role/NAME`, with the slash as it is or encoded. */
export const principal: ControlRoute = {
  path: "/_simulator/accounts/{id}/principals/{name}",
  methods: { PUT: async ({ simulator, id, name, body }) => simulator.accounts.setPrincipal(id, name, read(change, body)) },
};
