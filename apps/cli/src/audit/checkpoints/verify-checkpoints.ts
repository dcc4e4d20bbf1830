import { asCheckpointClaims, type ChainHead, type CheckpointClaims, digestOf } from "@ekm/ekm";
import type { StoredCheckpoint } from "@ekm/persistence";
import type { ArchivedDocument } from "./archive.js";
import { openDocument, SAYS } from "./open-document.js";
import type { VerificationKeys } from "./read-keys.js";
import type { RoundsResult } from "./verify-rounds.js";

export interface CheckpointFinding {
  readonly kind:
    | "checkpoint-removed"
    | "checkpoint-edited"
    | "checkpoint-foreign"
    | "checkpoint-replaced"
    | "checkpoint-misplaced"
    | "checkpoint-unlisted"
    | "checkpoint-forked"
    | "checkpoint-gap"
    | "row-removed"
    | "row-edited";
  readonly sequence: number;
  readonly message: string;
}

export interface CheckpointsResult {
  /** How many hold. */
  readonly verified: number;
  readonly findings: readonly CheckpointFinding[];
  /** Where the chain must have been, by everything that is signed; ascending by sequence. */
  readonly anchors: readonly ChainHead[];
}

interface Given {
  readonly accountId: string;
  readonly files: readonly ArchivedDocument[];
  readonly keys: VerificationKeys;
  /** Null: the export of one account alone, without rounds. */
  readonly rounds: RoundsResult | null;
  /** The database's own copies; null: there is no database. */
  readonly rows: readonly StoredCheckpoint[] | null;
}

interface Held extends ChainHead {
  readonly digest: string;
  readonly previous: string | null;
}

/** An account's checkpoints: signed by our keys, each following the one before, those that the rounds list, and the database's the same. */
export function verifyCheckpoints({ accountId, files, keys, rounds, rows }: Given): CheckpointsResult {
  const findings: CheckpointFinding[] = [];
  const find = (kind: CheckpointFinding["kind"], sequence: number, message: string) => findings.push({ kind, sequence, message });
  const held: Held[] = [];
  const anchors = new Map<string, ChainHead>();
  const anchor = ({ sequence, hash }: ChainHead) => anchors.set(`${sequence} ${hash}`, { sequence, hash });

  for (const { number, fork, jws } of files) {
    const opened = openDocument(jws, keys, asCheckpointClaims);
    if (!opened.ok) find(`checkpoint-${opened.why}`, number, `the checkpoint ${SAYS[opened.why]}`);
    else if (opened.claims.accountId !== accountId || opened.claims.sequence !== number) {
      find("checkpoint-misplaced", number, `this is the checkpoint of ${nameOf(opened.claims)}`);
    } else {
      anchor(opened.claims);
      if (fork) find("checkpoint-forked", number, "there are two checkpoints of this entry: history went two ways");
      else held.push({ ...opened.claims, digest: opened.digest });
    }
  }
  const listed = rounds?.listed.get(accountId) ?? [];
  for (const entry of listed) anchor(entry);
  if (rounds !== null) compareWithRounds(listed, held, findings);
  for (const [n, { sequence, previous }] of held.entries()) {
    const before = held[n - 1];
    if (findings.length > 0 || previous === (before?.digest ?? null)) continue;
    find("checkpoint-gap", sequence, `the checkpoint before it is missing${before ? ` (after ${before.sequence})` : ""}`);
  }
  if (rows !== null) compareWithRows(rows, held, rounds?.last?.round ?? 0, findings);
  return {
    verified: held.length,
    findings,
    anchors: [...anchors.values()].sort((a, b) => a.sequence - b.sequence),
  };
}

const nameOf = ({ accountId, sequence }: CheckpointClaims): string => `entry ${sequence} of ${accountId}`;

function compareWithRounds(
  listed: readonly (ChainHead & { readonly digest: string })[],
  held: readonly Held[],
  findings: CheckpointFinding[],
): void {
  const named = new Set(findings.map(({ sequence }) => sequence));
  const bySequence = new Map(held.map((one) => [one.sequence, one]));
  for (const { sequence, digest } of listed) {
    const there = bySequence.get(sequence);
    if (named.has(sequence) || there?.digest === digest) continue;
    const [kind, message] =
      there === undefined
        ? (["checkpoint-removed", "the checkpoint was removed"] as const)
        : (["checkpoint-replaced", "the checkpoint is signed, but is not the one that the round lists"] as const);
    findings.push({ kind, sequence, message });
  }
  const known = new Set(listed.map(({ digest }) => digest));
  const lastListed = listed.at(-1);
  for (const { sequence, digest, previous } of held) {
    // The newest may stand here before the round that lists it.
    const awaited = previous === (lastListed?.digest ?? null) && sequence > (lastListed?.sequence ?? 0);
    if (known.has(digest) || awaited || findings.some((finding) => finding.sequence === sequence)) continue;
    findings.push({ kind: "checkpoint-unlisted", sequence, message: "no round lists the checkpoint" });
  }
}

function compareWithRows(
  rows: readonly StoredCheckpoint[],
  held: readonly Held[],
  lastRound: number,
  findings: CheckpointFinding[],
): void {
  const bySequence = new Map(rows.map((row) => [row.sequence, row]));
  const files = new Map(held.map((one) => [one.sequence, one]));
  const missing = held.filter(({ sequence }) => !bySequence.has(sequence));
  const [first] = missing;
  if (first !== undefined) {
    const more = missing.length === 1 ? "" : ` (and ${missing.length - 1} more)`;
    const message = `the database does not have this checkpoint any more${more}: it is an older copy, or was changed`;
    findings.push({ kind: "row-removed", sequence: first.sequence, message });
  }
  for (const { sequence, jws, round } of rows) {
    const there = files.get(sequence);
    if (there === undefined) {
      if (round > lastRound || findings.some((finding) => finding.sequence === sequence)) continue;
      findings.push({ kind: "checkpoint-removed", sequence, message: "the database has the checkpoint, its export was removed" });
    } else if (digestOf(jws) !== there.digest) {
      findings.push({ kind: "row-edited", sequence, message: "the database's copy of the checkpoint is not what was exported" });
    }
  }
}
