import type { KeyState } from "../control/interface.js";
import { AwsFault } from "../front/aws-fault.js";
import type { KeyCondition } from "./key.js";

/** Rows of AWS's table "Key states of AWS KMS keys" (Developer Guide) that differ. */
export type StateRow = "cryptographic" | "read-or-set-policy" | "enable-or-disable" | "schedule-deletion" | "cancel-deletion";

type Cell = "ok" | keyof typeof REFUSALS | "pending-deletion";
type Column = Exclude<KeyState, "Deleted">;

const REFUSALS = {
  disabled: { code: "DisabledException", text: "is disabled." },
  "disabled-pending-deletion": { code: "DisabledException", text: "is pending deletion." },
  "invalid-pending-deletion": { code: "KMSInvalidStateException", text: "is pending deletion." },
  "not-pending-deletion": { code: "KMSInvalidStateException", text: "is not pending deletion." },
  "pending-import": { code: "KMSInvalidStateException", text: "is pending import." },
  unavailable: { code: "KMSInvalidStateException", text: "is unavailable." },
  creating: { code: "KMSInvalidStateException", text: "is creating." },
  updating: { code: "KMSInvalidStateException", text: "is updating." },
} as const;

/** `pending-deletion` is documented with both exceptions: which one is emitted is the key's `pendingDeletionError`. */
const TABLE: Readonly<Record<StateRow, Readonly<Record<Column, Cell>>>> = {
  cryptographic: {
    Enabled: "ok",
    Disabled: "disabled",
    PendingDeletion: "pending-deletion",
    PendingReplicaDeletion: "pending-deletion",
    PendingImport: "pending-import",
    Unavailable: "unavailable",
    Creating: "creating",
    Updating: "ok",
  },
  "read-or-set-policy": {
    Enabled: "ok",
    Disabled: "ok",
    PendingDeletion: "ok",
    PendingReplicaDeletion: "ok",
    PendingImport: "ok",
    Unavailable: "ok",
    Creating: "ok",
    Updating: "ok",
  },
  "enable-or-disable": {
    Enabled: "ok",
    Disabled: "ok",
    PendingDeletion: "invalid-pending-deletion",
    PendingReplicaDeletion: "invalid-pending-deletion",
    PendingImport: "pending-import",
    Unavailable: "ok",
    Creating: "creating",
    Updating: "updating",
  },
  "schedule-deletion": {
    Enabled: "ok",
    Disabled: "ok",
    PendingDeletion: "invalid-pending-deletion",
    PendingReplicaDeletion: "invalid-pending-deletion",
    PendingImport: "ok",
    Unavailable: "ok",
    Creating: "ok",
    Updating: "updating",
  },
  "cancel-deletion": {
    Enabled: "not-pending-deletion",
    Disabled: "not-pending-deletion",
    PendingDeletion: "ok",
    PendingReplicaDeletion: "ok",
    PendingImport: "not-pending-deletion",
    Unavailable: "not-pending-deletion",
    Creating: "not-pending-deletion",
    Updating: "not-pending-deletion",
  },
};

/** What AWS answers to an operation of that row on a key in that condition; null where it goes through. */
export function stateFault(row: StateRow, arn: string, condition: KeyCondition): AwsFault | null {
  if (condition.state === "Deleted") return new AwsFault("NotFoundException", `Key '${arn}' does not exist`);
  const cell = TABLE[row][condition.state];
  if (cell === "ok") return null;
  const refusal = cell === "pending-deletion" ? pendingDeletion(condition) : REFUSALS[cell];
  return new AwsFault(refusal.code, `${arn} ${refusal.text}`);
}

function pendingDeletion(condition: KeyCondition) {
  return REFUSALS[condition.pendingDeletionError === "Disabled" ? "disabled-pending-deletion" : "invalid-pending-deletion"];
}
