import { type AuditEvent, type ChainHead, GENESIS_HASH, hashEntry, verifyChain } from "@ekm/ekm";
import type { AuditSnapshot, ChainEntry } from "@ekm/persistence";

const CHUNK = 1_000;

/** `edited`: it is there and is not what was written. `moved`: what belongs there stands somewhere else. */
export interface Finding {
  readonly kind: "edited" | "removed" | "moved" | "added" | "head-edited" | "head-removed";
  /** The first entry that is not as it was written. */
  readonly sequence: number;
  /** Of the entry that stands there now, or that was moved. */
  readonly entryId: string | null;
  readonly message: string;
}

export interface AccountResult {
  readonly accountId: string;
  /** How many entries from the first on are as they were written. */
  readonly verified: number;
  /** The last of them. */
  readonly last: ChainHead | null;
  readonly finding: Finding | null;
}

/** From the first entry to the first that is not as it was written, or to the end, which must be the head. */
export async function verifyAccount(
  log: AuditSnapshot,
  accountId: string,
  onProgress: (entries: number) => void,
): Promise<AccountResult> {
  const head = await log.head(accountId);
  let last: ChainHead | null = null;
  for (;;) {
    const verified = last?.sequence ?? 0;
    onProgress(verified);
    const entries = await log.chain(accountId, verified, CHUNK);
    if (entries.length === 0) return { accountId, verified, last, finding: compareWithHead(head, last) };
    const { whole, broken } = verifyEntries(accountId, entries, last);
    last = whole;
    if (broken) {
      const finding = await find(log, accountId, { head, last, entries });
      return { accountId, verified: last?.sequence ?? 0, last, finding };
    }
  }
}

/** Up to where the chain is whole. */
function verifyEntries(
  accountId: string,
  entries: readonly ChainEntry[],
  head: ChainHead | null,
): { whole: ChainHead | null; broken: boolean } {
  let whole = head;
  for (const { event } of entries) {
    const verdict = event && verifyChain(accountId, [event], whole);
    if (!verdict?.intact) return { whole, broken: true };
    whole = verdict.head;
  }
  return { whole, broken: false };
}

function compareWithHead(head: ChainHead | null, last: ChainHead | null): Finding | null {
  if (head === null && last === null) return null;
  const sequence = last?.sequence ?? 0;
  if (head === null) {
    return { kind: "head-removed", sequence, entryId: null, message: "the record of where the chain ends was removed" };
  }
  if (head.sequence > sequence) {
    const many = head.sequence - sequence;
    const what = many === 1 ? "the last entry was" : `the last ${many} entries were`;
    return {
      kind: "removed",
      sequence: sequence + 1,
      entryId: null,
      message: `${what} removed: the chain was written up to ${head.sequence}`,
    };
  }
  if (head.sequence < sequence) {
    const message = `the chain was written up to ${head.sequence}; this entry was added past the product`;
    return { kind: "added", sequence: head.sequence + 1, entryId: null, message };
  }
  if (head.hash === last?.hash) return null;
  return {
    kind: "head-edited",
    sequence,
    entryId: null,
    message: "the chain does not end with the hash that was recorded for it",
  };
}

interface Break {
  readonly head: ChainHead | null;
  readonly last: ChainHead | null;
  /** What was read when the chain broke. */
  readonly entries: readonly ChainEntry[];
}

/** What happened at the entry that should follow `last`. */
async function find(log: AuditSnapshot, accountId: string, { head, last, entries }: Break): Promise<Finding> {
  const sequence = (last?.sequence ?? 0) + 1;
  const moved = await successorElsewhere(log, accountId, last);
  if (moved !== null) {
    const message = `the entry that belongs here stands at ${moved.sequence} now`;
    return { kind: "moved", sequence, entryId: moved.id, message };
  }
  const here = entries.find((entry) => entry.sequence === sequence);
  if (here === undefined) return { kind: "removed", sequence, entryId: null, message: "the entry was removed" };
  const entryId = here.event?.id ?? null;
  if (head !== null && sequence > head.sequence) {
    return {
      kind: "added",
      sequence,
      entryId,
      message: `the chain was written up to ${head.sequence}; this entry was added past the product`,
    };
  }
  return { kind: "edited", sequence, entryId, message: "the entry is not what was written" };
}

/** The event that was written as the next one after `last`, unchanged but for its place. */
async function successorElsewhere(log: AuditSnapshot, accountId: string, last: ChainHead | null): Promise<AuditEvent | null> {
  const sequence = (last?.sequence ?? 0) + 1;
  const previousHash = last?.hash ?? GENESIS_HASH;
  for (let after = 0; ; ) {
    const entries = await log.chain(accountId, after, CHUNK);
    for (const { event } of entries) {
      if (event?.previousHash !== previousHash || event.sequence === sequence) continue;
      if (hashEntry({ ...event, sequence }) === event.hash) return event;
    }
    const end = entries.at(-1)?.sequence;
    if (end === undefined || !(end > after)) return null;
    after = end;
  }
}
