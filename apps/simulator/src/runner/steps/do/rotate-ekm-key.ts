import { z } from "zod";
import { accountName, definition, keyName, role } from "../../../experiments/fields.js";
import { rotateEkmKey as request } from "../../../product/rotations.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({
  rotateEkmKey: accountName,
  key: keyName,
  as: definition.optional(),
  role: role.optional(),
  acceptLossOfUnreadable: z
    .union([z.literal(true), z.string()])
    .optional()
    .meta({ description: "true: the account's name is repeated, as the product asks; or what to say instead." }),
});

export const rotateEkmKey: Operation<z.infer<typeof schema>, Act> = {
  key: "rotateEkmKey",
  schema,
  describe: (step) => `rotate the key of ${step.rotateEkmKey.name} to ${step.key.name}`,
  async run(step, world) {
    const account = world.account(step.rotateEkmKey);
    const session = await world.session(step.role ?? "ACCOUNT_ADMIN", account);
    const { acceptLossOfUnreadable: accepted } = step;
    const input = {
      accountId: account.id,
      keyArn: world.key(step.key).arn,
      ...(accepted === undefined ? {} : { acceptLossOfUnreadable: accepted === true ? account.productName : accepted }),
    };
    return perform(
      `rotation of ${account.name} to ${step.key.name}`,
      "rotateEkmKey",
      request(session, input),
      ({ rotation, checks }) => ({
        checks,
        ...(rotation ? { rotation: world.rotations.add({ id: rotation.id, account }, step.as?.defines) } : {}),
      }),
    );
  },
};
