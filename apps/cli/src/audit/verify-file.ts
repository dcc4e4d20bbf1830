import { type AuditEvent, type ChainHead, GENESIS_HASH, hashEntry } from "@ekm/ekm";
import { UsageError } from "../options.js";
import type { CheckpointsResult } from "./checkpoints/verify-checkpoints.js";
import { type ChainFollower, type Finding, followChain } from "./follow-chain.js";
import { readEntries } from "./read-lines.js";
import type { AccountResult } from "./verify-account.js";

interface Given {
  /** The file is known to begin or to end within the log. */
  readonly part: boolean;
  readonly checkpointsOf: ((accountId: string) => Promise<CheckpointsResult>) | null;
  readonly onProgress: (entries: number) => void;
}

const EVERY = 10_000;

/** Verifies an export of one account without any database. Throws UsageError for a file without an entry, and as the file system does. */
export async function verifyFile(file: string, { part, checkpointsOf, onProgress }: Given): Promise<AccountResult> {
  const first = await firstEntry(file);
  const { accountId } = first;
  const start = part && first.sequence > 1 ? { sequence: first.sequence - 1, hash: first.previousHash } : null;
  const signed = checkpointsOf && (await checkpointsOf(accountId));
  const chain = followChain(accountId, start, signed?.anchors ?? []);
  let finding: Finding | null = null;
  let read = 0;
  for await (const event of readEntries(file)) {
    read += 1;
    if (read % EVERY === 0) onProgress(read);
    if (chain.take(event)) continue;
    finding = await find(file, event, chain.last);
    break;
  }
  return {
    accountId,
    verified: (chain.last?.sequence ?? 0) - (start?.sequence ?? 0),
    last: chain.last,
    finding: chain.rewritten ?? finding ?? endOf(chain, part),
    ...(signed === null ? {} : { checkpoints: { verified: signed.verified, covered: chain.covered, findings: signed.findings } }),
  };
}

const endOf = (chain: ChainFollower, part: boolean): Finding | null => (part ? null : chain.beyondEnd());

async function firstEntry(file: string): Promise<AuditEvent> {
  for await (const event of readEntries(file)) if (event !== null) return event;
  throw new UsageError(`there is no audit entry in ${file}`);
}

/** What happened to the entry that should follow `last`, where `here` stands now. */
async function find(file: string, here: AuditEvent | null, last: ChainHead | null): Promise<Finding> {
  const sequence = (last?.sequence ?? 0) + 1;
  const previousHash = last?.hash ?? GENESIS_HASH;
  const isHere = here?.sequence === sequence;
  let line = 0;
  for await (const event of readEntries(file)) {
    line += 1;
    if (event === null || event.previousHash !== previousHash || hashEntry({ ...event, sequence }) !== event.hash) continue;
    if (isHere && event.sequence === sequence && event.id === here.id) continue;
    return { kind: "moved", sequence, entryId: event.id, message: `the entry that belongs here stands on line ${line}` };
  }
  if (last === null && here !== null && here.sequence > 1) {
    const message = `the file begins with entry ${here.sequence}; what is before it is not proved (--part, if that is known)`;
    return { kind: "beginning-missing", sequence, entryId: here.id, message };
  }
  if (here !== null && here.sequence > sequence) {
    return { kind: "removed", sequence, entryId: null, message: "the entry was removed" };
  }
  return { kind: "edited", sequence, entryId: here?.id ?? null, message: "the entry is not what was written" };
}
