import { AwsFault } from "../../front/aws-fault.js";
import { acceptPolicy } from "../../front/policy/accept.js";
import { defaultPolicyText } from "../../front/policy/policy.js";
import { keyArn, newKeyRecord } from "../../keys/key.js";
import { stateFault } from "../../keys/state-table.js";
import { flag, optional, required, shape, tags, text } from "../input.js";
import { keyMetadata } from "../key-metadata.js";
import { keyId, policyText } from "../members.js";
import { conditionValues, defineOperation, keyAt, ownKey } from "../operation.js";
import { tagFault } from "../tags/tag-fault.js";

/**
 * The replica shares id and material with its primary, and nothing else: policy, grants, aliases, tags and state are its own. The
 * answer says Creating, as AWS's does; the next call finds it Enabled.
 */
export const replicateKey = defineOperation({
  name: "ReplicateKey",
  input: shape({
    KeyId: required(keyId),
    ReplicaRegion: required(text(1, 32, "^([a-z]+-){2,3}\\d+$")),
    Policy: optional(policyText),
    BypassPolicyLockoutSafetyCheck: optional(flag),
    Description: optional(text(0, 8192)),
    Tags: optional(tags),
  }),
  uses: (input) => ownKey("kms:ReplicateKey", input.KeyId, conditionValues({ "kms:ReplicaRegion": input.ReplicaRegion })),
  async run(input, keys, services) {
    const { record: primary } = keyAt(keys, 0);
    const { caller, clock, upstream, keys: registry, events } = services;
    const { ReplicaRegion: region } = input;
    if (!primary.multiRegion || primary.primaryRegion !== primary.region) {
      return new AwsFault("UnsupportedOperationException", `${primary.arn} is not a multi-region primary key.`);
    }
    const fault = stateFault("replicate", primary.arn, registry.latest(primary)) ?? tagFault(input.Tags ?? []);
    if (fault) return fault;
    if (region === primary.region || registry.related(primary).some((other) => other.region === region)) {
      const message = `Unable to replicate key ${primary.arn} to region ${region}, as the key already exist there`;
      return new AwsFault("AlreadyExistsException", message);
    }
    const policy = acceptPolicy(input.Policy ?? defaultPolicyText(primary.accountId), {
      caller,
      region,
      now: clock.now(),
      keyArn: keyArn(region, primary.accountId, primary.id),
      bypassLockoutCheck: input.BypassPolicyLockoutSafetyCheck,
    });
    if (policy instanceof AwsFault) return policy;
    const { id, accountId, keySpec, keyUsage, origin, multiRegion, primaryRegion } = primary;
    const shared = { id, accountId, keySpec, keyUsage, origin, multiRegion, primaryRegion };
    const replica = newKeyRecord({
      ...shared,
      region,
      description: input.Description ?? "",
      tags: input.Tags ?? [],
      createdAt: clock.now(),
      state: origin === "EXTERNAL" ? "PendingImport" : "Enabled",
      policy,
    });
    const refused = await upstream.replicate(primary, replica);
    if (refused) return refused;
    registry.add(replica);
    events.change({ subject: "key", id: replica.arn, change: "ReplicateKey", state: replica.condition.state });
    const creating = { ...replica.condition, state: "Creating" } as const;
    return {
      body: {
        ReplicaKeyMetadata: keyMetadata(replica, creating, services),
        ReplicaPolicy: policy.text,
        ReplicaTags: replica.tags,
      },
    };
  },
});
