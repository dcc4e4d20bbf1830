import type { ErrorCode } from "../errors/codes.js";
import type { KeyDescription } from "../ports/key-service.js";
import type { KeyCheck } from "./key-check.js";
import type { Probe } from "./probe.js";
import type { Report } from "./report.js";

/**
 * Failures that AWS gives only to a caller whom the key's policy admits under this account's context. After any other,
 * describing the key could tell a stranger about it: the grant for DescribeKey carries no context.
 */
const PROVES_ADMISSION: readonly (ErrorCode | undefined)[] = [
  "KEY_USAGE_UNSUPPORTED",
  "INTERNAL", // UnsupportedOperationException: a key of another kind
  "KEY_DISABLED",
  "KEY_PENDING_DELETION",
  "KEY_PENDING_IMPORT",
  "KEY_UNAVAILABLE",
  "EXTERNAL_KEY_STORE_UNREACHABLE",
  "EXTERNAL_KEY_DISABLED",
  "EXTERNAL_KEY_NOT_FOUND",
  "EXTERNAL_KEY_DENIED",
];

export function mayDescribe({ report }: Probe): boolean {
  const use = report.checks().find((check: KeyCheck) => check.check === "GENERATE_DATA_KEY");
  return use?.verdict === "PASS" || PROVES_ADMISSION.includes(use?.code);
}

/** DESCRIBE, KEY_STATE, KEY_TYPE, MULTI_REGION. */
export async function checkDescription({ keyService, key, accountId, report }: Probe): Promise<void> {
  const described = await keyService.describeKey(key.arn, accountId);
  if (!described.ok) report.fail("DESCRIBE", described.error.code, described.error.message);
  else if (described.value.arn !== key.arn) report.fail("DESCRIBE", "KEY_MISMATCH");
  else {
    report.pass("DESCRIBE", "AWS KMS described the key.");
    checkState(described.value, report);
    checkType(described.value, report);
    checkMultiRegion(described.value.multiRegion || key.multiRegion, report);
  }
}

const STATE_CODES: Readonly<Record<string, ErrorCode>> = {
  Disabled: "KEY_DISABLED",
  PendingDeletion: "KEY_PENDING_DELETION",
  PendingReplicaDeletion: "KEY_PENDING_DELETION",
  PendingImport: "KEY_PENDING_IMPORT",
};

function checkState({ state, deletionDate }: KeyDescription, report: Report): void {
  // A key that is being updated can be used like an enabled one.
  if (state === "Enabled" || state === "Updating") {
    report.pass("KEY_STATE", "The key is enabled.");
    return;
  }
  const code = STATE_CODES[state] ?? "KEY_UNAVAILABLE";
  const dated = code === "KEY_PENDING_DELETION" && deletionDate !== undefined;
  report.fail("KEY_STATE", code, dated ? `The key is scheduled for deletion on ${deletionDate.toISOString()}.` : undefined);
}

function checkType(description: KeyDescription, report: Report): void {
  const unsupported = unsupportedType(description);
  if (unsupported) report.fail("KEY_TYPE", unsupported);
  else report.pass("KEY_TYPE", "A symmetric customer managed key for encryption and decryption.");
}

function unsupportedType({ keyUsage, keySpec, manager }: KeyDescription): ErrorCode | null {
  if (manager === "AWS") return "KEY_AWS_MANAGED";
  if (keyUsage !== "ENCRYPT_DECRYPT") return "KEY_USAGE_UNSUPPORTED";
  return keySpec === "SYMMETRIC_DEFAULT" ? null : "KEY_NOT_SYMMETRIC";
}

function checkMultiRegion(multiRegion: boolean, report: Report): void {
  const warning = "This is a multi-Region key: a replica may stay usable in another Region when this one is disabled.";
  if (multiRegion) report.warn("MULTI_REGION", warning);
  else report.pass("MULTI_REGION", "The key exists in one Region only.");
}
