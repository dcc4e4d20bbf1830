import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { registerBackupSource as request } from "../../../product/jobs.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";

const schema = z.strictObject({
  registerBackupSource: accountName,
  location: z
    .union([z.literal("own"), z.strictObject({ of: accountName }), z.string().startsWith("/").max(4096)])
    .default("own")
    .meta({ description: "The account's own directory, another tenant's, or a path." }),
  kind: z.enum(["DIRECTORY", "SALESFORCE_EXPORT"]).default("SALESFORCE_EXPORT"),
  sourceName: z.string().max(2048).default("another export"),
  ...requestFields,
});

export const registerBackupSource: Operation<z.infer<typeof schema>, Act> = {
  key: "registerBackupSource",
  schema,
  describe: (step) => `register a source of ${step.registerBackupSource.name}`,
  async run(step, world) {
    const account = world.account(step.registerBackupSource);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", account);
    const { location } = step;
    const owner = typeof location === "string" ? account : world.account(location.of);
    const path = typeof location === "string" && location !== "own" ? location : owner.sourceDirectory;
    const input = {
      accountId: account.id,
      name: step.sourceName,
      kind: step.kind,
      location: path,
      ...idempotencyOf(world, step),
    };
    return perform(`registering a source of ${account.name}`, "registerBackupSource", request(session, input), () => ({}));
  },
};
