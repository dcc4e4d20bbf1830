import type { LogIndex } from "./log-index.js";
import type { TrailRecord } from "./read-trail.js";

/**
 * matched: an entry names the request. traced: the database's trace of effects does. routine: one of the calls that are not audited one by
 * one. failed: AWS refused it, so nothing was obtained. other-account: of an account that was not asked for. own: on the vendor's own
 * keys, for no account. unexplained: a use of a key by the vendor that nothing of ours accounts for.
 */
export type RecordClass =
  | { readonly kind: "matched" | "traced" | "failed" | "other-account" | "own" }
  | { readonly kind: "routine"; readonly what: "lease" | "first-wrap" | "probe" | "describe"; readonly accountId: string | null }
  | { readonly kind: "unexplained"; readonly why: string };

interface Question {
  readonly log: LogIndex;
  /** The vendor's AWS account id. */
  readonly vendor: string;
  /** Undefined: every account of the log. */
  readonly account: string | undefined;
}

const unexplained = (why: string): RecordClass => ({ kind: "unexplained", why });

/** Of a record of a call by the vendor. */
export function classify(record: TrailRecord, { log, vendor, account }: Question): RecordClass {
  const { requestId, operation, contexts, errorCode, keyArns } = record;
  if (log.requests.has(requestId)) return { kind: "matched" };
  if (log.traced.has(requestId)) return { kind: "traced" };
  const abroad = keyArns.some((arn) => arn.split(":")[4] !== vendor);
  if (contexts.length === 0 && !abroad) return { kind: "own" };
  if (errorCode !== null) return { kind: "failed" };
  if (operation === "DescribeKey") return { kind: "routine", what: "describe", accountId: null };
  const accounts = [...new Set(contexts.map((sent) => sent["ekm:account"]))];
  const [accountId, ...more] = accounts;
  if (accountId === undefined || more.length > 0) return unexplained("its encryption context names no account, or two");
  if (!log.knows(accountId)) return unexplained("its encryption context names an account that the log does not have");
  if (account !== undefined && accountId !== account) return { kind: "other-account" };
  const purpose = contexts[0]?.["ekm:purpose"];
  if (purpose === "probe" && (operation === "Decrypt" || operation === "GenerateDataKey")) {
    return { kind: "routine", what: "probe", accountId };
  }
  if (purpose === "account-key" && (operation === "Decrypt" || operation === "Encrypt")) {
    if (!log.hadJob(accountId, record.at)) return unexplained("no backup, restore or verification of the account was under way");
    return { kind: "routine", what: operation === "Decrypt" ? "lease" : "first-wrap", accountId };
  }
  return unexplained("no entry names this request, and it is none of those that are not audited one by one");
}
