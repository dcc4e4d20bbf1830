import { createHash } from "node:crypto";
import type { AuditEntry, AuditEvent } from "./event.js";

/** The previous hash of an account's first event. */
export const GENESIS_HASH = "0".repeat(64);

/** What the chain needs of the last event. */
export type ChainHead = Pick<AuditEvent, "sequence" | "hash">;

/** The bytes that are hashed: a JSON array in a fixed order, so that no field can slide into another and no key order matters. */
function canonical(event: Omit<AuditEvent, "hash">): string {
  return JSON.stringify([
    "ekm:audit:v1",
    event.accountId,
    event.sequence,
    event.id,
    event.at.toISOString(),
    event.actor,
    event.action,
    event.outcome,
    event.subject ?? null,
    event.detail,
    event.awsRequestIds,
    event.previousHash,
  ]);
}

/** SHA-256 over the entry and the previous hash, hex. */
export function hashEntry(event: Omit<AuditEvent, "hash">): string {
  return createHash("sha256").update(canonical(event), "utf8").digest("hex");
}

/** The link that follows `previous` (null: the first). Pure: repositories store what it answers. */
export function nextEvent(previous: ChainHead | null, id: string, accountId: string, at: Date, entry: AuditEntry): AuditEvent {
  const link = {
    id,
    accountId,
    sequence: (previous?.sequence ?? 0) + 1,
    at,
    actor: entry.actor,
    action: entry.action,
    outcome: entry.outcome,
    ...(entry.subject === undefined ? {} : { subject: entry.subject }),
    detail: entry.detail,
    awsRequestIds: [...entry.awsRequestIds],
    previousHash: previous?.hash ?? GENESIS_HASH,
  };
  return { ...link, hash: hashEntry(link) };
}

export type ChainVerdict =
  | { readonly intact: true; readonly head: ChainHead | null }
  | { readonly intact: false; readonly brokenSequence: number };

/**
 * Checks consecutive events of one account, ascending; `head` is the last event already verified (null: from the start).
 * Names the first sequence number that is missing, out of order, edited or of another account. A chain cut at its end looks
 * whole: compare the answered head with one kept elsewhere.
 */
export function verifyChain(accountId: string, events: readonly AuditEvent[], head: ChainHead | null = null): ChainVerdict {
  let last = head;
  for (const event of events) {
    const expected = (last?.sequence ?? 0) + 1;
    const follows =
      event.accountId === accountId && event.sequence === expected && event.previousHash === (last?.hash ?? GENESIS_HASH);
    if (!follows || hashEntry(event) !== event.hash) return { intact: false, brokenSequence: expected };
    last = { sequence: event.sequence, hash: event.hash };
  }
  return { intact: true, head: last };
}
