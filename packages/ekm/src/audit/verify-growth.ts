import type { MovedChain } from "../ports/checkpoint-store.js";
import { type AuditRepository, StoreBusyError } from "../ports/store.js";
import { type ChainHead, verifyChain } from "./chain.js";

const CHUNK = 1_000;

/**
 * Whether what an account's chain grew by since its last checkpoint is whole and ends as recorded: a checkpoint must never vouch
 * for what was changed past the product. A chain that became shorter or another is not. Null: it is whole; else the first sequence number that is not right. Throws StoreBusyError.
 */
export async function verifyGrowth(
  audit: Pick<AuditRepository, "chain">,
  { accountId, head, last }: MovedChain,
): Promise<number | null> {
  if (last !== null && head.sequence <= last.sequence) return head.sequence + (head.sequence < last.sequence ? 1 : 0);
  let whole: ChainHead | null = last;
  try {
    for (;;) {
      const from = whole?.sequence ?? 0;
      const events = (await audit.chain(accountId, from, CHUNK)).filter(({ sequence }) => sequence <= head.sequence);
      const verdict = verifyChain(accountId, events, whole);
      if (!verdict.intact) return verdict.brokenSequence;
      whole = verdict.head;
      if (whole?.sequence === head.sequence) return whole.hash === head.hash ? null : head.sequence;
      if (events.length === 0) return from + 1;
    }
  } catch (error) {
    if (error instanceof StoreBusyError) throw error;
    // A row that cannot even be read is one that was changed: it must not keep other accounts from their checkpoints.
    return (whole?.sequence ?? 0) + 1;
  }
}
