import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { required, shape, text } from "../input.js";
import { keyId } from "../members.js";
import { conditionValues, defineOperation, keyAt, ownKey } from "../operation.js";

/** A replica becomes the primary, and the primary a replica; here at once, where AWS has both Updating for a while. */
export const updatePrimaryRegion = defineOperation({
  name: "UpdatePrimaryRegion",
  input: shape({ KeyId: required(keyId), PrimaryRegion: required(text(1, 32, "^([a-z]+-){2,3}\\d+$")) }),
  uses: (input) => ownKey("kms:UpdatePrimaryRegion", input.KeyId, conditionValues({ "kms:PrimaryRegion": input.PrimaryRegion })),
  async run({ PrimaryRegion }, keys, { keys: registry, events }) {
    const { record: primary } = keyAt(keys, 0);
    if (!primary.multiRegion || primary.primaryRegion !== primary.region) {
      return new AwsFault("UnsupportedOperationException", `${primary.arn} is not a multi-region primary key.`);
    }
    const fault = stateFault("update-primary-region", primary.arn, registry.latest(primary));
    if (fault) return fault;
    const related = registry.related(primary);
    const replica = related.find(({ region }) => region === PrimaryRegion);
    if (!replica) return new AwsFault("NotFoundException", `There is no replica of ${primary.arn} in ${PrimaryRegion}`);
    const unfit = stateFault("update-primary-region", replica.arn, registry.latest(replica));
    if (unfit) return unfit;
    replica.rotation = primary.rotation;
    primary.rotation = null;
    for (const key of [primary, ...related]) key.primaryRegion = PrimaryRegion;
    events.change({ subject: "key", id: replica.arn, change: "UpdatePrimaryRegion" });
    return { body: {} };
  },
});
