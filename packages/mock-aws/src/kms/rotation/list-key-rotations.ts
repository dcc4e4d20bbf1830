import { AwsFault } from "../../front/aws-fault.js";
import { stateFault } from "../../keys/state-table.js";
import { oneOf, optional, required, shape, whole } from "../input.js";
import { keyId, marker } from "../members.js";
import { defineOperation, keyAt, ownKey } from "../operation.js";
import { pageOf } from "../paging.js";
import { rotationFault } from "./rotation-fault.js";

/** Rotations that were carried out, the oldest first. */
export const listKeyRotations = defineOperation({
  name: "ListKeyRotations",
  input: shape({
    KeyId: required(keyId),
    IncludeKeyMaterial: optional(oneOf(["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"])),
    Limit: optional(whole(1, 1000)),
    Marker: optional(marker),
  }),
  uses: (input) => ownKey("kms:ListKeyRotations", input.KeyId),
  async run(input, keys) {
    const { record, condition } = keyAt(keys, 0);
    const fault = stateFault("read", record.arn, condition) ?? rotationFault(record, "allowed");
    if (fault) return fault;
    const numbered = record.rotations.map((rotation, index) => ({ ...rotation, index }));
    const page = pageOf(numbered, input, ({ index }) => String(index), 100);
    if (page instanceof AwsFault) return page;
    const Rotations = page.items.map(({ at, type, materialId }) => ({
      KeyId: record.arn,
      RotationDate: at / 1000,
      RotationType: type,
      ...(materialId === null ? {} : { KeyMaterialId: materialId }),
    }));
    return { body: { Rotations, ...page.paging } };
  },
});
