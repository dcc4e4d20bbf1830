import type { AuditEntry } from "../audit/event.js";
import type { ErrorCode } from "../errors/codes.js";
import type { Problem } from "../errors/outcome.js";

/** The key, or its owner, said no: a job that ends so did not fail by accident. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "KEYS_LOCKED",
  "KEY_DISABLED",
  "KEY_PENDING_DELETION",
  "KEY_PENDING_IMPORT",
  "KEY_NOT_FOUND",
  "KEY_ACCESS_DENIED",
  "KEY_USAGE_UNSUPPORTED",
  "AWS_ACCOUNT_SUSPENDED",
  "EXTERNAL_KEY_DISABLED",
  "EXTERNAL_KEY_NOT_FOUND",
  "EXTERNAL_KEY_DENIED",
]);

interface Ended {
  readonly action: "BACKUP" | "RESTORE" | "VERIFICATION";
  readonly subject: string;
  readonly actor: string;
  readonly end:
    | { readonly status: "SUCCEEDED" }
    | { readonly status: "CANCELLED" }
    | { readonly status: "FAILED"; readonly problem: Problem };
}

/** How a job ended, for the account's audit log. */
export function endEntry({ action, subject, actor, end }: Ended): AuditEntry {
  const noun = action.toLowerCase();
  if (end.status === "SUCCEEDED") {
    return { actor, action, subject, outcome: "DONE", detail: `The ${noun} succeeded.`, awsRequestIds: [] };
  }
  if (end.status === "CANCELLED") {
    return { actor, action, subject, outcome: "FAILED", detail: `The ${noun} was cancelled.`, awsRequestIds: [] };
  }
  const { code, message, awsRequestId } = end.problem;
  return {
    actor,
    action,
    subject,
    outcome: REFUSALS.has(code) ? "REFUSED" : "FAILED",
    detail: `The ${noun} failed with ${code}: ${message}`,
    awsRequestIds: awsRequestId === undefined ? [] : [awsRequestId],
  };
}
