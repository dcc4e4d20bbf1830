import type { AnyOperation } from "../kms/operation.js";
import { assumeRole } from "./assume-role.js";
import { getCallerIdentity } from "./get-caller-identity.js";

export const STS_OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map(
  [assumeRole, getCallerIdentity].map((operation) => [operation.name, operation]),
);
