import type { CallEvent, ChangeEvent, SimulatorEvent } from "@ekm/mock-aws";
import type { Snapshot } from "../world/world.js";
import { type Cause, causeOf } from "./cause.js";

/** One line of the log: an AWS call, or a change of the simulated AWS. */
export interface LogLine {
  readonly seq: number;
  readonly at: string;
  readonly kind: "call" | "change";
  readonly what: string;
  /** Who called. */
  readonly caller: string | null;
  readonly callerAccountId: string | null;
  readonly keyArn: string | null;
  /** Whose key, or which account, it is about. */
  readonly accountId: string | null;
  readonly account: string | null;
  readonly outcome: string;
  readonly isRefused: boolean;
  readonly cause: Cause | null;
  readonly ms: number | null;
}

const KEPT = 500;

export interface CallLog {
  /** The snapshot: how things stood when the call was answered. */
  add(event: SimulatorEvent, snapshot: Snapshot): LogLine;
  /** The last 500, the oldest first. */
  readonly lines: readonly LogLine[];
}

export function createCallLog(): CallLog {
  let lines: LogLine[] = [];
  return {
    add(event, snapshot) {
      const line = event.kind === "call" ? callLine(event, snapshot) : changeLine(event, snapshot);
      lines.push(line);
      // In bulk: shifting one at a time would move the whole list for every call.
      if (lines.length > 2 * KEPT) lines = lines.slice(-KEPT);
      return line;
    },
    get lines() {
      return lines.slice(-KEPT);
    },
  };
}

const nameOf = (id: string | null, { accounts }: Snapshot): string | null =>
  id === null ? null : (accounts.get(id)?.name ?? id);

function callLine(call: CallEvent, snapshot: Snapshot): LogLine {
  const { seq, at, kind, operation, callerAccountId, keyArn, ownerAccountId, outcome, durationMs } = call;
  return {
    seq,
    at,
    kind,
    what: operation || "unknown operation",
    caller: nameOf(callerAccountId, snapshot),
    callerAccountId,
    keyArn,
    accountId: ownerAccountId,
    account: nameOf(ownerAccountId, snapshot),
    outcome,
    isRefused: outcome !== "ok",
    cause: causeOf(call, snapshot),
    ms: durationMs,
  };
}

function changeLine({ seq, at, kind, subject, id, change, state }: ChangeEvent, snapshot: Snapshot): LogLine {
  const keyArn = subject === "key" ? id : null;
  const accountId = keyArn === null ? (subject === "account" ? id : null) : (keyArn.split(":")[4] ?? null);
  return {
    seq,
    at,
    kind,
    what: `${subject}: ${change}`,
    caller: null,
    callerAccountId: null,
    keyArn,
    accountId,
    account: nameOf(accountId, snapshot),
    outcome: state ?? "changed",
    isRefused: false,
    cause: null,
    ms: null,
  };
}
