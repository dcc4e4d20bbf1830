import { grantTemplate, isGranted, withoutGrant } from "../world/grant.js";
import { asOwner, type Done, keyOf, type Place, sentence } from "./place.js";
import { Refused } from "./refused.js";

export async function revokeGrant(place: Place, arn: string): Promise<Done> {
  const { key, name } = await keyOf(place, arn);
  const vendor = place.vendor();
  if (!vendor) throw new Refused("Without a product the panel does not know whose grant to take out.");
  if (isGranted(key.policy, vendor)) {
    await asOwner(place, arn, "PutKeyPolicy", { PolicyName: "default", Policy: withoutGrant(key.policy, vendor) });
    place.policies.set(arn, key.policy);
  }
  return { said: sentence(`the grant is taken out of the policy of ${name}: AWS answers AccessDeniedException`), keys: [arn] };
}

/** As it was before it was revoked here; else with the product's own template. */
export async function restoreGrant(place: Place, arn: string): Promise<Done> {
  const { key, name } = await keyOf(place, arn);
  const policy = place.policies.get(arn) ?? template(place, arn, key.accountId);
  await asOwner(place, arn, "PutKeyPolicy", { PolicyName: "default", Policy: policy });
  place.policies.delete(arn);
  return { said: sentence(`the policy of ${name} grants access again`), keys: [arn] };
}

function template(place: Place, arn: string, owner: string): string {
  const vendor = place.vendor();
  const accounts = place.accountsUnder(arn);
  if (!vendor || accounts.length === 0)
    throw new Refused("No account of the product uses this key, so nobody knows which grant it had. `key set-policy` sets one.");
  return grantTemplate(owner, vendor, accounts);
}
