import type { AccountResult } from "./verify-account.js";

export function reportAsText(results: readonly AccountResult[]): string {
  const broken = results.filter(({ finding }) => finding !== null);
  const entries = results.reduce((sum, { verified }) => sum + verified, 0);
  const lines = broken.flatMap(({ accountId, finding, verified }) =>
    finding === null
      ? []
      : [
          `${accountId}: entry ${finding.sequence}${finding.entryId === null ? "" : ` (${finding.entryId})`}: ${finding.message}`,
          `  ${verified} ${verified === 1 ? "entry" : "entries"} before it as written; what follows is not proved`,
        ],
  );
  const accounts = `${results.length} ${results.length === 1 ? "account" : "accounts"}`;
  const summary =
    broken.length === 0
      ? `${accounts}, ${entries} entries: all chains are whole`
      : `${accounts}, ${broken.length} with a broken chain`;
  return [...lines, summary].join("\n");
}

export const reportAsJson = (results: readonly AccountResult[]): string =>
  JSON.stringify({ intact: results.every(({ finding }) => finding === null), accounts: results }, null, 2);
