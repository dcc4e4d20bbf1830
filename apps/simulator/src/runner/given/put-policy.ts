import { keyPolicy, policyOfStatements, type Statement } from "../../policies/key-policies.js";
import { effectiveAt } from "../aws/effective-at.js";
import type { KeyHandle, World } from "../world.js";
import type { Policy } from "./policy.js";

/**
 * Puts a policy on a key, bound to the product accounts that use it; a key that none uses yet is bound to all of the experiment's.
 * Answers when it took effect, in milliseconds since 1970.
 */
export async function putPolicy(world: World, key: KeyHandle, given: Policy): Promise<number> {
  const accounts = [...world.accounts.values()];
  const users = accounts.filter((account) => account.keyName === key.name);
  const { vendor } = world.target;
  const policy =
    typeof given === "string"
      ? keyPolicy(given, key.owner.id, {
          vendorAccountId: vendor.accountId,
          vendorPrincipalArn: vendor.principalArn,
          accountIds: (users.length > 0 ? users : accounts).map(({ id }) => id),
        })
      : policyOfStatements(filledIn(given.statements, world, key), key.owner.id);
  const answer = await world.callAws(key.owner, key.region, "PutKeyPolicy", {
    KeyId: key.arn,
    PolicyName: "default",
    Policy: JSON.stringify(policy),
  });
  return effectiveAt(answer);
}

/** `{vendorAccountId}`, `{vendorPrincipalArn}`, `{ownerAccountId}` and `{account:NAME}` stand for what they say. */
function filledIn(statements: readonly Statement[], world: World, key: KeyHandle): readonly Statement[] {
  const { accountId, principalArn } = world.target.vendor;
  const fixed: Readonly<Record<string, string>> = {
    vendorAccountId: accountId,
    vendorPrincipalArn: principalArn,
    ownerAccountId: key.owner.id,
  };
  const fill = (text: string): string =>
    text.replace(/\{(\w+)(?::([a-z0-9-]+))?\}/g, (written, kind: string, name?: string) =>
      kind === "account" && name !== undefined ? world.account({ refersTo: "account", name }).id : (fixed[kind] ?? written),
    );
  return JSON.parse(JSON.stringify(statements), (_, value: unknown) => (typeof value === "string" ? fill(value) : value));
}
