import type { KeyState } from "../control/interface.js";
import { AwsFault } from "../front/aws-fault.js";
import type { KeyCondition } from "./key.js";

/** Rows of AWS's table "Key states of AWS KMS keys" (Developer Guide) that differ. */
export type StateRow = keyof typeof TABLE;

type Cell = keyof typeof REFUSALS | "ok" | "pending-deletion";
type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell];

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

/** PendingReplicaDeletion is answered as PendingDeletion. */
const COLUMNS = ["Disabled", "PendingDeletion", "PendingImport", "Unavailable", "Creating", "Updating"] as const;

/**
 * Each row in the order of COLUMNS. `pending-deletion` is documented with both exceptions: which one is emitted is the key's
 * `pendingDeletionError`. Cells on which AWS's table is silent are assumed, and named in docs/kms-fidelity.md.
 */
const TABLE = {
  cryptographic: ["disabled", "pending-deletion", "pending-import", "unavailable", "creating", "ok"],
  "create-grant": ["disabled", "pending-deletion", "pending-import", "ok", "creating", "ok"],
  read: ["ok", "ok", "ok", "ok", "ok", "ok"],
  "enable-or-disable": ["ok", "invalid-pending-deletion", "pending-import", "ok", "creating", "updating"],
  "schedule-deletion": ["ok", "invalid-pending-deletion", "ok", "ok", "ok", "updating"],
  "cancel-deletion": [
    "not-pending-deletion",
    "ok",
    "not-pending-deletion",
    "not-pending-deletion",
    "not-pending-deletion",
    "not-pending-deletion",
  ],
  describe: ["ok", "invalid-pending-deletion", "ok", "ok", "ok", "ok"],
  "switch-rotation": ["disabled", "invalid-pending-deletion", "pending-import", "unavailable", "creating", "updating"],
  "rotate-on-demand": ["disabled", "invalid-pending-deletion", "pending-import", "unavailable", "creating", "updating"],
  "get-import-parameters": ["ok", "invalid-pending-deletion", "ok", "unavailable", "creating", "updating"],
  import: ["ok", "invalid-pending-deletion", "ok", "unavailable", "creating", "ok"],
  "delete-imported": ["ok", "ok", "ok", "unavailable", "creating", "updating"],
  replicate: ["disabled", "pending-deletion", "pending-import", "unavailable", "creating", "updating"],
  "update-primary-region": ["disabled", "pending-deletion", "pending-import", "unavailable", "creating", "updating"],
} as const satisfies Readonly<Record<string, Row>>;

/** What AWS answers to an operation of that row on a key in that condition; null where it goes through. */
export function stateFault(row: StateRow, arn: string, condition: KeyCondition): AwsFault | null {
  const { state } = condition;
  if (state === "Deleted") return new AwsFault("NotFoundException", `Key '${arn}' does not exist`);
  const cell = cellOf(row, state);
  if (cell === "ok") return null;
  const refusal = cell === "pending-deletion" ? pendingDeletion(condition) : REFUSALS[cell];
  return new AwsFault(refusal.code, `${arn} ${refusal.text}`);
}

function cellOf(row: StateRow, state: Exclude<KeyState, "Deleted">): Cell {
  if (state === "Enabled") return row === "cancel-deletion" ? "not-pending-deletion" : "ok";
  const column = COLUMNS.indexOf(state === "PendingReplicaDeletion" ? "PendingDeletion" : state);
  return TABLE[row][column] ?? "ok";
}

function pendingDeletion(condition: KeyCondition) {
  return REFUSALS[condition.pendingDeletionError === "Disabled" ? "disabled-pending-deletion" : "invalid-pending-deletion"];
}
