import { AwsFault } from "../../front/aws-fault.js";
import type { KeyRecord } from "../../keys/key.js";

/** Only symmetric keys whose material KMS made can be rotated by it; imported material is replaced by importing more. */
export function rotationFault(key: KeyRecord, imported: "allowed" | "refused" = "refused"): AwsFault | null {
  if (key.keySpec !== "SYMMETRIC_DEFAULT") {
    return new AwsFault(
      "UnsupportedOperationException",
      `${key.arn} key spec is ${key.keySpec} which is not valid for this operation.`,
    );
  }
  if (key.origin === "AWS_KMS" || (key.origin === "EXTERNAL" && imported === "allowed")) return null;
  return new AwsFault(
    "UnsupportedOperationException",
    `${key.arn} origin is ${key.origin} which is not valid for this operation.`,
  );
}

/** Rotation is switched on the primary of multi-Region keys. */
export const replicaFault = (key: KeyRecord): AwsFault | null =>
  key.primaryRegion === null || key.primaryRegion === key.region
    ? null
    : new AwsFault("UnsupportedOperationException", `${key.arn} is not a multi-region primary key.`);
