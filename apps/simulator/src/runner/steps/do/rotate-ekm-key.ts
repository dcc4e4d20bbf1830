import { z } from "zod";
import { accountName, definition } from "../../../experiments/fields.js";
import { rotateEkmKey as request } from "../../../product/rotations.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";
import { keyArnOf, keyFields, keyInWords, oneKey } from "./named-key.js";

const schema = z
  .strictObject({
    rotateEkmKey: accountName,
    ...keyFields,
    as: definition.optional(),
    ...requestFields,
    acceptLossOfUnreadable: z
      .union([z.literal(true), z.string()])
      .optional()
      .meta({ description: "true: the account's name is repeated, as the product asks; or what to say instead." }),
  })
  .refine(...oneKey);

export const rotateEkmKey: Operation<z.infer<typeof schema>, Act> = {
  key: "rotateEkmKey",
  schema,
  describe: (step) => `rotate the key of ${step.rotateEkmKey.name} to ${keyInWords(step)}`,
  async run(step, world) {
    const account = world.account(step.rotateEkmKey);
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", account);
    const { acceptLossOfUnreadable: accepted } = step;
    const input = {
      accountId: account.id,
      keyArn: keyArnOf(world, step),
      ...(accepted === undefined ? {} : { acceptLossOfUnreadable: accepted === true ? account.productName : accepted }),
      ...idempotencyOf(world, step),
    };
    return perform(
      `rotation of ${account.name} to ${keyInWords(step)}`,
      "rotateEkmKey",
      request(session, input),
      ({ rotation, checks }) => ({
        checks,
        ...(rotation ? { rotation: world.rotations.add({ id: rotation.id, account }, step.as?.defines) } : {}),
      }),
    );
  },
};
