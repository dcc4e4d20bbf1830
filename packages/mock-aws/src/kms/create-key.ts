import { AwsFault } from "../front/aws-fault.js";
import { acceptPolicy } from "../front/policy/accept.js";
import { defaultPolicyText } from "../front/policy/policy.js";
import { type KeyRecord, keyArn, newKeyRecord } from "../keys/key.js";
import { flag, type Input, oneOf, optional, shape, tags, text } from "./input.js";
import { KEY_SPECS, kindOf } from "./key-kinds.js";
import { keyMetadata } from "./key-metadata.js";
import { keyUsage, policyText } from "./members.js";
import { anywhere, conditionValues, defineOperation, type OperationServices } from "./operation.js";
import { tagConditions, tagFault } from "./tags/tag-fault.js";

const input = shape({
  Policy: optional(policyText),
  Description: optional(text(0, 8192)),
  KeyUsage: optional(keyUsage),
  KeySpec: optional(oneOf(KEY_SPECS)),
  CustomerMasterKeySpec: optional(oneOf(KEY_SPECS)),
  Origin: optional(oneOf(["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])),
  CustomKeyStoreId: optional(text(1, 64)),
  XksKeyId: optional(text(1, 128)),
  BypassPolicyLockoutSafetyCheck: optional(flag),
  MultiRegion: optional(flag),
  Tags: optional(tags),
});

export const createKey = defineOperation({
  name: "CreateKey",
  input,
  uses: () => [],
  permissions: (given) =>
    anywhere("kms:CreateKey", {
      ...conditionValues({
        "kms:KeySpec": specOf(given),
        "kms:KeyUsage": usageOf(given),
        "kms:KeyOrigin": given.Origin ?? "AWS_KMS",
        "kms:MultiRegion": given.MultiRegion ?? false,
        "kms:BypassPolicyLockoutSafetyCheck": given.BypassPolicyLockoutSafetyCheck ?? false,
      }),
      ...tagConditions(given.Tags),
    }),
  async run(given, _keys, services) {
    const { caller, region, upstream, keys, clock, ids, events } = services;
    const usage = usageOf(given);
    const fault = kindFault(given, usage) ?? tagFault(given.Tags ?? []) ?? storeFault(given, services);
    if (fault) return fault;
    const multiRegion = given.MultiRegion ?? false;
    const id = ids.keyId(caller.account.id, region, multiRegion);
    const policy = acceptPolicy(given.Policy ?? defaultPolicyText(caller.account.id), {
      caller,
      region,
      now: clock.now(),
      keyArn: keyArn(region, caller.account.id, id),
      bypassLockoutCheck: given.BypassPolicyLockoutSafetyCheck,
    });
    if (policy instanceof AwsFault) return policy;
    const origin = given.Origin ?? "AWS_KMS";
    const key: KeyRecord = newKeyRecord({
      id,
      accountId: caller.account.id,
      region,
      keySpec: specOf(given),
      keyUsage: String(usage),
      origin,
      multiRegion,
      customKeyStoreId: given.CustomKeyStoreId ?? null,
      xksKeyId: given.XksKeyId ?? null,
      description: given.Description ?? "",
      tags: given.Tags ?? [],
      createdAt: clock.now(),
      state: origin === "EXTERNAL" ? "PendingImport" : "Enabled",
      policy,
    });
    const refused = await upstream.createKey(key);
    if (refused) return refused;
    keys.add(key);
    events.change({ subject: "key", id: key.arn, change: "CreateKey", state: key.condition.state });
    return { body: { KeyMetadata: keyMetadata(key, key.condition, services) } };
  },
});

type Given = Input<typeof input>;

const specOf = (given: Given): string => given.KeySpec ?? given.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";

const usageOf = (given: Given): string | undefined =>
  given.KeyUsage ?? (specOf(given) === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : undefined);

function kindFault(given: Given, usage: string | undefined): AwsFault | null {
  const keySpec = specOf(given);
  if (usage === undefined) {
    const message = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.";
    return new AwsFault("ValidationException", message);
  }
  if (!kindOf(keySpec)?.usages.includes(usage)) {
    return new AwsFault("ValidationException", `KeyUsage ${usage} is not compatible with KeySpec ${keySpec}`);
  }
  const inStore = given.Origin === "AWS_CLOUDHSM" || given.Origin === "EXTERNAL_KEY_STORE";
  if (!inStore || (given.MultiRegion !== true && keySpec === "SYMMETRIC_DEFAULT")) return null;
  return new AwsFault("UnsupportedOperationException", "A key in a custom key store must be symmetric and single-Region.");
}

/** For tests that care only about the key, a custom key store need not exist: without its id it counts as connected. */
function storeFault(given: Given, { stores, caller, region, keys }: OperationServices): AwsFault | null {
  const id = given.CustomKeyStoreId;
  if (id === undefined) return null;
  const store = stores.find(caller.account.id, region, id);
  if (!store) return new AwsFault("CustomKeyStoreNotFoundException");
  if (store.type !== given.Origin) {
    return new AwsFault("ValidationException", `The origin must be ${store.type} for custom key store ${id}.`);
  }
  if (!store.connected) return new AwsFault("CustomKeyStoreInvalidStateException");
  if (store.type !== "EXTERNAL_KEY_STORE") return null;
  if (given.XksKeyId === undefined) return new AwsFault("ValidationException", "XksKeyId is required.");
  const taken = keys
    .living(caller.account.id, region)
    .some((key) => key.customKeyStoreId === id && key.xksKeyId === given.XksKeyId);
  return taken ? new AwsFault("XksKeyAlreadyInUseException") : null;
}
