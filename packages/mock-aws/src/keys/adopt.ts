import { parsePolicy } from "../front/policy/parse.js";
import { defaultPolicyText } from "../front/policy/policy.js";
import type { OperationServices } from "../kms/operation.js";
import { type KeyRecord, newKeyRecord } from "./key.js";
import type { KeyName } from "./resolve.js";

/** A key that someone made in the upstream itself comes under the front with AWS's default policy. */
export async function adoptKey(
  name: KeyName,
  { region, upstream, keys, clock }: Pick<OperationServices, "region" | "upstream" | "keys" | "clock">,
): Promise<KeyRecord | undefined> {
  const found = await upstream.find({ ...name, region });
  if (found === null) return undefined;
  const parsed = parsePolicy(defaultPolicyText(name.accountId));
  if (!parsed.ok) throw new Error(parsed.problem);
  const { arn: _arn, ...given } = found;
  const key = newKeyRecord({ ...given, createdAt: clock.now(), policy: parsed.policy });
  keys.add(key);
  return key;
}
