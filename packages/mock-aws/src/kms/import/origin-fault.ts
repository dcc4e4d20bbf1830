import { AwsFault } from "../../front/aws-fault.js";
import type { KeyRecord } from "../../keys/key.js";

/** Material is imported only into keys that were made without. */
export const originFault = (key: KeyRecord): AwsFault | null =>
  key.origin === "EXTERNAL"
    ? null
    : new AwsFault("UnsupportedOperationException", `${key.arn} origin is ${key.origin} which is not valid for this operation.`);
