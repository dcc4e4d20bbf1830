import { AwsFault } from "../front/aws-fault.js";
import { acceptPolicy } from "../front/policy/accept.js";
import { defaultPolicyText } from "../front/policy/policy.js";
import { type KeyRecord, keyArn } from "../keys/key.js";
import { flag, oneOf, optional, shape, tags, text } from "./input.js";
import { KEY_SPECS, kindOf } from "./key-kinds.js";
import { keyMetadata } from "./key-metadata.js";
import { defineOperation } from "./operation.js";

export const createKey = defineOperation({
  name: "CreateKey",
  input: shape({
    Policy: optional(text(1, 131_072)),
    Description: optional(text(0, 8192)),
    KeyUsage: optional(oneOf(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"])),
    KeySpec: optional(oneOf(KEY_SPECS)),
    CustomerMasterKeySpec: optional(oneOf(KEY_SPECS)),
    Origin: optional(oneOf(["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])),
    CustomKeyStoreId: optional(text(1, 64)),
    BypassPolicyLockoutSafetyCheck: optional(flag),
    MultiRegion: optional(flag),
    Tags: optional(tags),
  }),
  uses: () => [],
  async run(input, _keys, services) {
    const { caller, region, upstream, keys, clock, ids, events } = services;
    const keySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
    const origin = input.Origin ?? "AWS_KMS";
    const keyUsage = input.KeyUsage ?? (keySpec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : undefined);
    const multiRegion = input.MultiRegion ?? false;
    if (keyUsage === undefined) {
      return new AwsFault(
        "ValidationException",
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
      );
    }
    if (!kindOf(keySpec)?.usages.includes(keyUsage)) {
      return new AwsFault("ValidationException", `KeyUsage ${keyUsage} is not compatible with KeySpec ${keySpec}`);
    }
    const inCustomStore = origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
    if (inCustomStore && (multiRegion || keySpec !== "SYMMETRIC_DEFAULT")) {
      return new AwsFault("UnsupportedOperationException", "A key in a custom key store must be symmetric and single-Region.");
    }
    const policy = acceptPolicy(
      input.Policy ?? defaultPolicyText(caller.account.id),
      caller,
      region,
      input.BypassPolicyLockoutSafetyCheck ?? false,
    );
    if (policy instanceof AwsFault) return policy;
    const id = ids.keyId(caller.account.id, region, multiRegion);
    const key: KeyRecord = {
      id,
      arn: keyArn(region, caller.account.id, id),
      accountId: caller.account.id,
      region,
      keySpec,
      keyUsage,
      origin,
      multiRegion,
      description: input.Description ?? "",
      tags: input.Tags ?? [],
      createdAt: clock.now(),
      condition: {
        state: origin === "EXTERNAL" ? "PendingImport" : "Enabled",
        policy,
        deletionDate: null,
        pendingDeletionError: "KMSInvalidState",
        externalKey: "ok",
      },
      previous: null,
      visibleAt: 0,
    };
    const fault = await upstream.createKey(key);
    if (fault) return fault;
    keys.add(key);
    events.change({ subject: "key", id: key.arn, change: "CreateKey", state: key.condition.state });
    return { body: { KeyMetadata: keyMetadata(key, key.condition) } };
  },
});
