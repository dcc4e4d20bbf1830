import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { changeState } from "../change-state.js";
import { optional, required, shape, text } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { originFault } from "./origin-fault.js";

/** The key is pending import from now on; one that is pending deletion stays so. */
export const deleteImportedKeyMaterial = defineOperation({
  name: "DeleteImportedKeyMaterial",
  input: shape({ KeyId: required(keyId), KeyMaterialId: optional(text(64, 64)) }),
  uses: (input) => ownKey("kms:DeleteImportedKeyMaterial", input.KeyId),
  async run(_input, keys, services) {
    const { record } = keyAt(keys, 0);
    const latest = services.keys.latest(record);
    const fault = originFault(record) ?? stateFault("delete-imported", record.arn, latest);
    if (fault) return fault;
    const materialId = record.keySpec === "SYMMETRIC_DEFAULT" ? services.upstream.materialIdOf(record) : null;
    services.upstream.deleteMaterial(record);
    record.imported = null;
    const body = { KeyId: record.arn, ...(materialId === null ? {} : { KeyMaterialId: materialId }) };
    if (latest.state !== "Enabled" && latest.state !== "Disabled") return { body };
    const effectiveAt = await changeState(services, record, { state: "PendingImport" }, "DeleteImportedKeyMaterial");
    return effectiveAt instanceof AwsFault ? effectiveAt : { body, effectiveAt };
  },
});
