import type { MatchResult, OneSided, Unexplained } from "./match.js";

const WHAT: Readonly<Record<string, string>> = {
  lease: "Decrypt of the account key while a job was under way (a key lease begins or is renewed)",
  "first-wrap": "Encrypt of a new account key while a job was under way",
  probe: "health probes (purpose probe)",
  describe: "DescribeKey, which carries no encryption context and yields no data",
};

const WHY: Readonly<Record<OneSided["reason"], string>> = {
  "not-in-owners-trail":
    "not in the key owner's trail. AWS logs a cross-account call that was denied in the caller's account only: these are denied calls " +
    "(the preflight's own probes with a foreign context among them), calls on another owner's key, or the trail is incomplete",
  "not-in-callers-trail":
    "not in the caller's own trail, where denied calls are too: the trail is incomplete (a Region, an hour), or the entry names a request that never was",
  "outside-time": "outside the time that the trail covers",
};

export function reportAsText(result: MatchResult): string {
  const { trail, matched, traced, failed, otherAccounts, vendorsOwn, others, routine, unexplained, oneSided } = result;
  const whose = [trail.callers ? "the caller's" : [], trail.owners ? "key owners'" : []].flat().join(" and ");
  const lines = [
    `${trail.records} records of AWS KMS, ${trail.from?.toISOString()} to ${trail.to?.toISOString()}, of ${whose} trails`,
    `${matched} requests are in both`,
  ];
  const some = (n: number, text: string): void => {
    if (n > 0) lines.push(`${n} ${text}`);
  };
  some(traced, "are in the database's trace of effects, not in the audit log");
  for (const { what, accountId, calls, busiestMinute } of routine) {
    const whom = accountId === null ? "" : ` of ${accountId}`;
    lines.push(`${calls} not audited one by one${whom}: ${WHAT[what]}; at most ${busiestMinute} in a minute`);
  }
  some(failed, "failed in AWS, and nothing was obtained: repeated probes of a refused key, and retries");
  some(otherAccounts, "of accounts that were not asked for");
  some(vendorsOwn, "by the vendor on its own keys, for no account");
  some(others, "by others than the vendor: the key owner's own");
  for (const reason of ["outside-time", "not-in-owners-trail", "not-in-callers-trail"] as const) {
    const these = oneSided.filter((request) => request.reason === reason);
    if (these.length === 0) continue;
    lines.push(`${these.length} requests of our log are ${WHY[reason]}:`, ...groupsOf(these));
  }
  if (unexplained.length === 0) lines.push("no call by the vendor is unexplained");
  else
    lines.push(
      `${unexplained.length} ${unexplained.length === 1 ? "call" : "calls"} by the vendor that nothing in the log explains:`,
      ...unexplained.map(lineOf),
    );
  return lines.join("\n");
}

function groupsOf(requests: readonly OneSided[]): readonly string[] {
  const groups = new Map<string, number>();
  for (const { accountId, sequence, action, outcome } of requests) {
    const entry = `${accountId} entry ${sequence}: ${action} ${outcome}`;
    groups.set(entry, (groups.get(entry) ?? 0) + 1);
  }
  return [...groups].map(([entry, n]) => `  ${entry}, ${n} ${n === 1 ? "request" : "requests"}`);
}

function lineOf({ at, operation, errorCode, contexts, keyArns, region, requestId, callerArn, why }: Unexplained): string {
  const account = [...new Set(contexts.map((sent) => sent["ekm:account"] ?? "none"))].join(", ") || "none";
  const fields = [
    at.toISOString(),
    operation,
    errorCode ?? "no error",
    `ekm:account ${account}`,
    keyArns.join(" "),
    region,
    `request ${requestId}`,
    callerArn ?? "",
  ];
  return `  ${fields.filter((field) => field !== "").join("  ")}\n    ${why}`;
}

export const reportAsJson = (result: MatchResult): string =>
  JSON.stringify({ explained: result.unexplained.length === 0, ...result }, null, 2);
