import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { readTermsVersion } from "../../../product/accounts.js";
import { enableEkm as request } from "../../../product/keys.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";
import { idempotencyOf, requestFields, sessionOf } from "./caller.js";
import { keyArnOf, keyFields, keyInWords, oneKey } from "./named-key.js";

const schema = z
  .strictObject({
    enableEkm: accountName,
    ...keyFields,
    ...requestFields,
    acceptedTermsVersion: z.string().optional().meta({ description: "Default: the version that the product shows." }),
    confirmIrreversible: z.boolean().optional().meta({ description: "Default: true." }),
  })
  .refine(...oneKey);

export const enableEkm: Operation<z.infer<typeof schema>, Act> = {
  key: "enableEkm",
  schema,
  describe: (step) => `enable EKM for ${step.enableEkm.name} with ${keyInWords(step)}`,
  async run(step, world) {
    const account = world.account(step.enableEkm);
    const admin = await world.session("ACCOUNT_ADMIN", account);
    const terms = await readTermsVersion(admin, account.id);
    const shown = terms.ok ? terms.data.account?.ekm?.terms.version : undefined;
    const session = await sessionOf(world, step, "ACCOUNT_ADMIN", account);
    const input = {
      accountId: account.id,
      keyArn: keyArnOf(world, step),
      // Without an activation there are no terms to read; the product must refuse for that reason, whatever we accept.
      acceptedTermsVersion: step.acceptedTermsVersion ?? shown ?? "none",
      confirmIrreversible: step.confirmIrreversible ?? true,
      ...idempotencyOf(world, step),
    };
    return perform(`enabling of ${account.name}`, "enableEkm", request(session, input), ({ account: enabled, checks }) => ({
      checks,
      ...(enabled ? { account: enabled } : {}),
    }));
  },
};
