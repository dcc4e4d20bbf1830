import { AwsFault } from "../../front/aws-fault.js";
import type { KeyRecord } from "../../keys/key.js";
import { rotateNow } from "../../keys/rotate.js";
import { stateFault } from "../../keys/state-table.js";
import { required, shape } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt, type OperationServices, ownKey } from "../operation.js";
import { replicaFault, rotationFault } from "./rotation-fault.js";

/** Assumed from AWS's text "a maximum of 10 times per KMS key"; later documents say 25. */
const MAX_ON_DEMAND = 10;

/** At once here; AWS takes a while. Imported material: to what was imported as new. */
export const rotateKeyOnDemand = defineOperation({
  name: "RotateKeyOnDemand",
  input: shape({ KeyId: required(keyId) }),
  uses: (input) => ownKey("kms:RotateKeyOnDemand", input.KeyId),
  async run(_input, keys, services) {
    const { record } = keyAt(keys, 0);
    const fault =
      rotationFault(record, "allowed") ??
      stateFault("rotate-on-demand", record.arn, services.keys.latest(record)) ??
      replicaFault(record) ??
      limitFault(record);
    if (fault) return fault;
    if (record.origin === "EXTERNAL") return rotateToImported(record, services);
    await rotateNow(record, "ON_DEMAND", services.clock.now(), services);
    return { body: { KeyId: record.arn } };
  },
});

function limitFault(key: KeyRecord): AwsFault | null {
  if (key.rotations.filter(({ type }) => type === "ON_DEMAND").length < MAX_ON_DEMAND) return null;
  return new AwsFault(
    "LimitExceededException",
    "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this " +
      `key: ${key.arn}`,
  );
}

function rotateToImported(key: KeyRecord, { upstream, clock, events }: OperationServices) {
  const materialId = upstream.rotateToImported(key);
  if (materialId === null) {
    const message = `No available key material pending rotation for the key: ${key.arn}.`;
    return new AwsFault("KMSInvalidStateException", message);
  }
  key.rotations = [...key.rotations, { at: clock.now(), type: "ON_DEMAND", materialId }];
  events.change({ subject: "key", id: key.arn, change: "RotateKey" });
  return { body: { KeyId: key.arn } };
}
