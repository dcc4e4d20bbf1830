import type { RoundsResult } from "./checkpoints/verify-rounds.js";
import { type AccountResult, isSound } from "./verify-account.js";

export interface VerifyResult {
  readonly accounts: readonly AccountResult[];
  /** Null: there were none to check. */
  readonly rounds: RoundsResult | null;
}

export const isIntact = ({ accounts, rounds }: VerifyResult): boolean =>
  accounts.every(isSound) && (rounds === null || rounds.findings.length === 0);

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

export function reportAsText(result: VerifyResult): string {
  const { accounts, rounds } = result;
  const lines = [
    ...(rounds?.findings ?? []).map(({ round, message }) => `round ${round} of checkpoints: ${message}`),
    ...accounts.flatMap(linesOf),
  ];
  const entries = accounts.reduce((sum, { verified }) => sum + verified, 0);
  const broken = accounts.filter((account) => !isSound(account));
  const names = counted(accounts.length, "account", "accounts");
  if (broken.length > 0) lines.push(`${names}, ${broken.length} not as written`);
  else lines.push(`${names}, ${entries} entries: all chains are whole`);
  if (accounts.some(({ checkpoints }) => checkpoints !== undefined)) lines.push(coverage(result));
  return lines.join("\n");
}

function linesOf({ accountId, finding, verified, checkpoints }: AccountResult): readonly string[] {
  const lines: string[] = [];
  if (finding !== null) {
    lines.push(
      `${accountId}: entry ${finding.sequence}${finding.entryId === null ? "" : ` (${finding.entryId})`}: ${finding.message}`,
    );
    const proved =
      finding.kind === "rewritten"
        ? "the chain by itself is whole: who wrote it anew made new hashes too"
        : `${counted(verified, "entry", "entries")} before it as written; what follows is not proved`;
    lines.push(`  ${proved}`);
  }
  for (const { sequence, message } of checkpoints?.findings ?? []) {
    lines.push(`${accountId}: checkpoint at entry ${sequence}: ${message}`);
  }
  return lines;
}

function coverage({ accounts, rounds }: VerifyResult): string {
  const held = accounts.reduce((sum, { checkpoints }) => sum + (checkpoints?.verified ?? 0), 0);
  const later = accounts.reduce((sum, { last, checkpoints }) => sum + (last?.sequence ?? 0) - (checkpoints?.covered ?? 0), 0);
  const of = rounds === null ? "; no rounds were given, so removed newest checkpoints would not be seen" : "";
  const end = rounds?.last ? ` in ${counted(rounds.verified, "round", "rounds")}, the last of ${rounds.last.at}` : of;
  return `${counted(held, "checkpoint", "checkpoints")}${end}; ${counted(later, "entry", "entries")} after them, proved by the chain alone`;
}

export const reportAsJson = (result: VerifyResult): string => {
  const { accounts, rounds } = result;
  const shown = rounds && { verified: rounds.verified, last: rounds.last, findings: rounds.findings };
  return JSON.stringify({ intact: isIntact(result), ...(shown ? { rounds: shown } : {}), accounts }, null, 2);
};
