import { type AuditEvent, type ChainHead, GENESIS_HASH, hashEntry } from "@ekm/ekm";
import type { AuditSnapshot, ChainEntry } from "@ekm/persistence";
import type { CheckpointFinding, CheckpointsResult } from "./checkpoints/verify-checkpoints.js";
import { type Finding, followChain } from "./follow-chain.js";

const CHUNK = 1_000;

export interface AccountResult {
  readonly accountId: string;
  /** How many entries from the first on are as they were written. */
  readonly verified: number;
  /** The last of them. */
  readonly last: ChainHead | null;
  readonly finding: Finding | null;
  /** Only where checkpoints were given. */
  readonly checkpoints?: {
    /** How many hold. */
    readonly verified: number;
    /** The last entry that one of them vouches for; later ones are proved by the chain alone. */
    readonly covered: number;
    readonly findings: readonly CheckpointFinding[];
  };
}

export const isSound = ({ finding, checkpoints }: AccountResult): boolean =>
  finding === null && (checkpoints === undefined || checkpoints.findings.length === 0);

/** From the first entry to the first that is not as it was written, or to the end, which must be the head. `signed`: null where there are no checkpoints. */
export async function verifyAccount(
  log: AuditSnapshot,
  accountId: string,
  signed: CheckpointsResult | null,
  onProgress: (entries: number) => void,
): Promise<AccountResult> {
  const head = await log.head(accountId);
  const chain = followChain(accountId, null, signed?.anchors ?? []);
  const result = (finding: Finding | null): AccountResult => ({
    accountId,
    verified: chain.last?.sequence ?? 0,
    last: chain.last,
    finding: chain.rewritten ?? finding,
    ...(signed === null ? {} : { checkpoints: { verified: signed.verified, covered: chain.covered, findings: signed.findings } }),
  });
  for (;;) {
    const verified = chain.last?.sequence ?? 0;
    onProgress(verified);
    const entries = await log.chain(accountId, verified, CHUNK);
    if (entries.length === 0) return result(compareWithHead(head, chain.last) ?? chain.beyondEnd());
    if (entries.every(({ event }) => chain.take(event))) continue;
    return result(await find(log, accountId, { head, last: chain.last, entries }));
  }
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
