import { asRoundClaims, type ChainHead, type RoundEntry } from "@ekm/ekm";
import type { CheckpointFiles } from "./archive.js";
import { openDocument, SAYS } from "./open-document.js";
import type { VerificationKeys } from "./read-keys.js";

export interface RoundFinding {
  readonly kind:
    | "round-removed"
    | "round-edited"
    | "round-foreign"
    | "round-replaced"
    | "round-misplaced"
    | "round-forked"
    | "rounds-late"
    | "row-removed"
    | "row-edited";
  readonly round: number;
  readonly message: string;
}

export interface RoundsResult {
  /** How many hold. */
  readonly verified: number;
  /** The last that holds. */
  readonly last: { readonly round: number; readonly at: string } | null;
  readonly findings: readonly RoundFinding[];
  /** What the rounds that hold say of each account. */
  readonly listed: ReadonlyMap<string, readonly (ChainHead & { readonly digest: string })[]>;
  /** Of the rounds that hold. */
  readonly digests: ReadonlyMap<number, string>;
}

/** Every round is there, signed, and follows the one before. `latest`: when the last may have been made at the earliest. */
export async function verifyRounds(files: CheckpointFiles, keys: VerificationKeys, latest: Date | null): Promise<RoundsResult> {
  const findings: RoundFinding[] = [];
  const listed = new Map<string, (ChainHead & { digest: string })[]>();
  const note = (entries: readonly RoundEntry[]) => {
    for (const { accountId, sequence, hash, digest } of entries) {
      const of = listed.get(accountId) ?? [];
      if (of.length === 0) listed.set(accountId, of);
      of.push({ sequence, hash, digest });
    }
  };
  const find = (kind: RoundFinding["kind"], round: number, message: string) => findings.push({ kind, round, message });
  const digests = new Map<number, string>();
  let [expected, verified] = [1, 0];
  /** Of the round before; undefined: it does not hold, so there is nothing to follow. */
  let previous: string | null | undefined = null;
  let last: RoundsResult["last"] = null;
  for await (const { number, fork, jws } of files.rounds()) {
    const opened = openDocument(jws, keys, asRoundClaims);
    if (fork) {
      find(
        "round-forked",
        number,
        "there are two rounds of this number: an older database was put back, or history was written anew",
      );
      if (opened.ok) note(opened.claims.checkpoints);
      continue;
    }
    if (expected < number) previous = undefined;
    for (; expected < number; expected += 1) find("round-removed", expected, "the round was removed");
    const follows: string | null | undefined = previous;
    expected += 1;
    previous = opened.ok ? opened.digest : undefined;
    if (!opened.ok) find(`round-${opened.why}`, number, `the round ${SAYS[opened.why]}`);
    else if (opened.claims.round !== number) find("round-misplaced", number, `this is round ${opened.claims.round}`);
    else {
      if (follows !== undefined && opened.claims.previous !== follows) {
        find(
          "round-replaced",
          number,
          "the round does not follow the one before it: one of the two is not the one that was exported",
        );
      }
      note(opened.claims.checkpoints);
      verified += 1;
      digests.set(number, opened.digest);
      last = { round: number, at: opened.claims.at };
    }
  }
  if (last === null && findings.length === 0) find("round-removed", 1, "there is no round at all");
  if (latest !== null && (last === null || new Date(last.at) < latest)) {
    const message = `the last round is of ${last?.at ?? "never"}: later ones were removed, or none are made`;
    find("rounds-late", (last?.round ?? 0) + 1, message);
  }
  return { verified, last, findings, listed, digests };
}
