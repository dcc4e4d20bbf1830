import { type AuditEvent, type ChainHead, verifyChain } from "@ekm/ekm";

/** `edited`: it is there and is not what was written. `moved`: what belongs there stands somewhere else. */
export interface Finding {
  readonly kind:
    | "edited"
    | "removed"
    | "moved"
    | "added"
    | "head-edited"
    | "head-removed"
    | "rewritten"
    | "tail-removed"
    | "account-removed"
    | "beginning-missing";
  /** The first entry that is not as it was written. */
  readonly sequence: number;
  /** Of the entry that stands there now, or that was moved. */
  readonly entryId: string | null;
  readonly message: string;
}

/** One account's entries, taken one after another as long as each follows the one before and is as it was written. */
export interface ChainFollower {
  /** The last that was taken. */
  readonly last: ChainHead | null;
  /** False: the chain breaks here. `null`: what stands there is no entry. */
  take(event: AuditEvent | null): boolean;
  /** The first entry with a checkpoint that says another hash. */
  readonly rewritten: Finding | null;
  /** What the checkpoints say beyond the end of a chain that is otherwise whole. */
  beyondEnd(): Finding | null;
  /** The last entry that a checkpoint vouches for, 0 for none. */
  readonly covered: number;
}

/** `start`: the entry before the first; `anchors`: where the chain must have been, ascending. */
export function followChain(accountId: string, start: ChainHead | null, anchors: readonly ChainHead[]): ChainFollower {
  let last = start;
  let rewritten: Finding | null = null;
  let covered = 0;
  let next = 0;
  const pass = (at: ChainHead): void => {
    for (let anchor = anchors[next]; anchor !== undefined && anchor.sequence <= at.sequence; anchor = anchors[next]) {
      next += 1;
      if (anchor.sequence < at.sequence) continue;
      if (anchor.hash === at.hash) covered = at.sequence;
      else {
        const message = `this is not the entry that was signed: those after ${covered} up to here were written anew`;
        rewritten ??= { kind: "rewritten", sequence: at.sequence, entryId: null, message };
      }
    }
  };
  if (start !== null) pass(start);
  return {
    get last() {
      return last;
    },
    get rewritten() {
      return rewritten;
    },
    get covered() {
      return covered;
    },
    take(event) {
      const verdict = event && verifyChain(accountId, [event], last);
      if (!verdict?.intact) return false;
      last = verdict.head;
      if (last !== null) pass(last);
      return true;
    },
    beyondEnd() {
      const end = anchors.at(-1)?.sequence ?? 0;
      const sequence = (last?.sequence ?? 0) + 1;
      if (end < sequence) return null;
      if (sequence === 1) {
        const message = `the account's whole log was removed: it had ${end} entries when it was last signed`;
        return { kind: "account-removed", sequence, entryId: null, message };
      }
      const message = `the end was removed: a checkpoint was signed at entry ${end}`;
      return { kind: "tail-removed", sequence, entryId: null, message };
    },
  };
}
