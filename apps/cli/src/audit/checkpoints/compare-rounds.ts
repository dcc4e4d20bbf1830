import { digestOf } from "@ekm/ekm";
import type { AuditReader } from "@ekm/persistence";
import type { RoundFinding, RoundsResult } from "./verify-rounds.js";

const CHUNK = 1_000;

/** Whether the database still has every round that was exported, as it was. */
export async function compareRounds(
  reader: Pick<AuditReader, "rounds">,
  { digests, last }: RoundsResult,
): Promise<readonly RoundFinding[]> {
  const findings: RoundFinding[] = [];
  const there = new Set<number>();
  for (let after = 0; ; ) {
    const rows = await reader.rounds(after, CHUNK);
    for (const { round, jws } of rows) {
      there.add(round);
      const exported = digests.get(round);
      if (exported === undefined || exported === digestOf(jws)) continue;
      findings.push({ kind: "row-edited", round, message: "the database's copy of the round is not what was exported" });
    }
    const end = rows.at(-1)?.round;
    if (end === undefined) break;
    after = end;
  }
  const missing = [...digests.keys()].filter((round) => !there.has(round));
  const [first] = missing;
  if (first === undefined) return findings;
  const end = Math.max(0, ...there);
  const message =
    end < (last?.round ?? 0)
      ? `the database ends with round ${end}, the export with ${last?.round}: it is an older copy, or rounds were removed from it`
      : `the database does not have the round any more${missing.length === 1 ? "" : ` (and ${missing.length - 1} more)`}`;
  return [...findings, { kind: "row-removed", round: first, message }];
}
