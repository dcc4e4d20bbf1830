import { keyPolicy, type PolicyName } from "../../policies/key-policies.js";
import type { KeyHandle, World } from "../world.js";

/**
 * Puts a policy on a key, bound to the product accounts that use it; a key that none uses yet is bound to all of the experiment's.
 * Answers when it took effect, in milliseconds since 1970.
 */
export async function putPolicy(world: World, key: KeyHandle, name: PolicyName): Promise<number> {
  const accounts = [...world.accounts.values()];
  const users = accounts.filter((account) => account.keyName === key.name);
  const policy = keyPolicy(name, key.owner.id, {
    vendorAccountId: world.target.vendor.accountId,
    vendorPrincipalArn: world.target.vendor.principalArn,
    accountIds: (users.length > 0 ? users : accounts).map(({ id }) => id),
  });
  const answer = await world.callAws(key.owner, key.region, "PutKeyPolicy", {
    KeyId: key.arn,
    PolicyName: "default",
    Policy: JSON.stringify(policy),
  });
  return answer.effectiveAt === null ? Date.now() : Date.parse(answer.effectiveAt);
}
