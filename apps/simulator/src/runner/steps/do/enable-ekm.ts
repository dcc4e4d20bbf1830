import { z } from "zod";
import { accountName, keyName, role } from "../../../experiments/fields.js";
import { readTermsVersion } from "../../../product/accounts.js";
import { enableEkm as request } from "../../../product/keys.js";
import type { Act } from "../act.js";
import { perform } from "../perform.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({
  enableEkm: accountName,
  key: keyName,
  role: role.optional(),
  acceptedTermsVersion: z.string().optional().meta({ description: "Default: the version that the product shows." }),
  confirmIrreversible: z.boolean().optional().meta({ description: "Default: true." }),
});

export const enableEkm: Operation<z.infer<typeof schema>, Act> = {
  key: "enableEkm",
  schema,
  describe: (step) => `enable EKM for ${step.enableEkm.name} with ${step.key.name}`,
  async run(step, world) {
    const account = world.account(step.enableEkm);
    const admin = await world.session("ACCOUNT_ADMIN", account);
    const terms = await readTermsVersion(admin, account.id);
    const shown = terms.ok ? terms.data.account?.ekm?.terms.version : undefined;
    const session = await world.session(step.role ?? "ACCOUNT_ADMIN", account);
    const input = {
      accountId: account.id,
      keyArn: world.key(step.key).arn,
      // Without an activation there are no terms to read; the product must refuse for that reason, whatever we accept.
      acceptedTermsVersion: step.acceptedTermsVersion ?? shown ?? "none",
      confirmIrreversible: step.confirmIrreversible ?? true,
    };
    return perform(`enabling of ${account.name}`, "enableEkm", request(session, input), ({ account: enabled, checks }) => ({
      checks,
      ...(enabled ? { account: enabled } : {}),
    }));
  },
};
