import { AwsFault } from "../../front/aws-fault.js";
import type { KeyRecord } from "../../keys/key.js";
import { stateFault } from "../../keys/state-table.js";
import { changeState } from "../change-state.js";
import { bytes, type Input, oneOf, optional, required, shape, text, timestamp } from "../input.js";
import { keyId } from "../members.js";
import { conditionValues, defineOperation, keyAt, type OperationServices, ownKey } from "../operation.js";
import { originFault } from "./origin-fault.js";
import { unwrap } from "./unwrap.js";

const input = shape({
  KeyId: required(keyId),
  ImportToken: required(bytes(1, 6144)),
  EncryptedKeyMaterial: required(bytes(1, 6144)),
  ValidTo: optional(timestamp),
  ExpirationModel: optional(oneOf(["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"])),
  ImportType: optional(oneOf(["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"])),
  KeyMaterialDescription: optional(text(0, 256)),
  KeyMaterialId: optional(text(64, 64)),
});

/** Material that was deleted or has expired can be imported again only as it was; the key is then as it was before. */
export const importKeyMaterial = defineOperation({
  name: "ImportKeyMaterial",
  input,
  uses: (given) =>
    ownKey(
      "kms:ImportKeyMaterial",
      given.KeyId,
      conditionValues({
        "kms:ExpirationModel": given.ExpirationModel ?? "KEY_MATERIAL_EXPIRES",
        "kms:ValidTo": given.ValidTo === undefined ? undefined : new Date(given.ValidTo).toISOString(),
      }),
    ),
  async run(given, keys, services) {
    const { record } = keyAt(keys, 0);
    const latest = services.keys.latest(record);
    const fault = originFault(record) ?? stateFault("import", record.arn, latest) ?? expiryFault(given, services.clock.now());
    if (fault) return fault;
    const imported = importInto(record, given, services);
    if (imported instanceof AwsFault) return imported;
    const { materialId, complete } = imported;
    const KeyMaterialId = record.keySpec === "SYMMETRIC_DEFAULT" ? materialId : undefined;
    const body = { KeyId: record.arn, ...(KeyMaterialId === undefined ? {} : { KeyMaterialId }) };
    record.imported = { validTo: given.ExpirationModel === "KEY_MATERIAL_DOES_NOT_EXPIRE" ? null : (given.ValidTo ?? null) };
    if (!complete || latest.state !== "PendingImport") {
      services.events.change({ subject: "key", id: record.arn, change: "ImportKeyMaterial" });
      return { body };
    }
    const effectiveAt = await changeState(services, record, { state: "Enabled" }, "ImportKeyMaterial");
    return effectiveAt instanceof AwsFault ? effectiveAt : { body, effectiveAt };
  },
});

type Given = Input<typeof input>;

function expiryFault({ ExpirationModel, ValidTo }: Given, now: number): AwsFault | null {
  const expires = ExpirationModel !== "KEY_MATERIAL_DOES_NOT_EXPIRE";
  if (expires && ValidTo === undefined) {
    const message = "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES";
    return new AwsFault("ValidationException", message);
  }
  if (!expires && ValidTo !== undefined) {
    const message = "A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE";
    return new AwsFault("ValidationException", message);
  }
  const tooLate = now + 365 * 24 * 60 * 60 * 1000;
  if (ValidTo === undefined || (ValidTo > now && ValidTo <= tooLate)) return null;
  return new AwsFault("ValidationException", "The validTo date must be in the future, and within 365 days.");
}

function importInto(key: KeyRecord, given: Given, { imports, upstream, clock }: OperationServices) {
  const parameters = imports.find(given.ImportToken);
  if (parameters?.keyArn !== key.arn) return new AwsFault("InvalidImportTokenException");
  if (clock.now() >= parameters.validTo) return new AwsFault("ExpiredImportTokenException");
  const material = unwrap(parameters, given.EncryptedKeyMaterial);
  if (material === null) return new AwsFault("InvalidCiphertextException");
  return upstream.importMaterial(key, material, given.ImportType === "NEW_KEY_MATERIAL");
}
