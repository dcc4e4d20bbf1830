import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
import { changeState } from "./change-state.js";
import { required, shape } from "./input.js";
import { keyId } from "./members.js";
import { type AnyOperation, defineOperation, keyAt, ownKey } from "./operation.js";

/** EnableKey and DisableKey. Both are accepted on a key that is Unavailable, and change nothing while it is. */
export function defineSwitch(name: "EnableKey" | "DisableKey", state: "Enabled" | "Disabled"): AnyOperation {
  return defineOperation({
    name,
    input: shape({ KeyId: required(keyId) }),
    uses: (input) => ownKey(`kms:${name}`, input.KeyId),
    async run(_input, keys, services) {
      const { record } = keyAt(keys, 0);
      const latest = services.keys.latest(record);
      const fault = stateFault("enable-or-disable", record.arn, latest);
      if (fault) return fault;
      if (latest.state === "Unavailable") return { body: {} };
      const effectiveAt = await changeState(services, record, { state }, name);
      return effectiveAt instanceof AwsFault ? effectiveAt : { body: {}, effectiveAt };
    },
  });
}
