import type { AnyOperation } from "../kms/operation.js";
import { getCallerIdentity } from "./get-caller-identity.js";

export const STS_OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map(
  [getCallerIdentity].map((operation) => [operation.name, operation]),
);
