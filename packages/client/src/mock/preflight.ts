import { errorCatalog } from "../generated/error-catalog.js";
import type { KeyCheckDetailsFragment } from "../generated/operations.js";
import { errorCodes, type KnownErrorCode, type KnownKeyCheckName } from "../generated/vocabulary.js";
import { isKnown } from "../known.js";

/** In the order in which the API runs and answers them. */
const CHECKS: readonly KnownKeyCheckName[] = [
  "ARN_FORM",
  "REGION",
  "GENERATE_DATA_KEY",
  "DECRYPT",
  "ENCRYPT",
  "DESCRIBE",
  "KEY_STATE",
  "KEY_TYPE",
  "MULTI_REGION",
  "REENCRYPT",
  "FOREIGN_CONTEXT_REFUSED",
  "EMPTY_CONTEXT_REFUSED",
  "KEY_NOT_TAKEN",
];

const DECIDED_BY: Partial<Record<KnownErrorCode, KnownKeyCheckName>> = {
  KEY_ARN_INVALID: "ARN_FORM",
  KEY_ALIAS_UNSUPPORTED: "ARN_FORM",
  KEY_PROVIDER_UNSUPPORTED: "ARN_FORM",
  KEY_AWS_MANAGED: "ARN_FORM",
  KEY_REGION_UNSUPPORTED: "REGION",
  KEY_MISMATCH: "DESCRIBE",
  KEY_NOT_SYMMETRIC: "KEY_TYPE",
  KEY_USAGE_UNSUPPORTED: "KEY_TYPE",
  KEY_POLICY_TOO_WIDE: "FOREIGN_CONTEXT_REFUSED",
  KEY_TAKEN: "KEY_NOT_TAKEN",
};

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(.+)$/;

/** An ARN that the mock answers with this code wherever a key is named: type it into the form to see what the form makes of it. */
export const mockKeyArn = (code: KnownErrorCode): string => `arn:aws:kms:eu-west-1:444455556666:key/${code}`;

/** What is wrong with a key, by its identifier; null for every other ARN. */
function faultOf(text: string): KnownErrorCode | null {
  const keyId = KEY_ARN.exec(text.trim())?.[1];
  if (keyId !== undefined) return isKnown(errorCodes, keyId) ? keyId : null;
  if (text.includes("alias/aws/")) return "KEY_AWS_MANAGED";
  if (text.includes("alias/")) return "KEY_ALIAS_UNSUPPORTED";
  if (text.startsWith("https://") || text.startsWith("projects/")) return "KEY_PROVIDER_UNSUPPORTED";
  return "KEY_ARN_INVALID";
}

export interface Preflight {
  readonly checks: readonly KeyCheckDetailsFragment[];
  /** Null: usable. */
  readonly code: KnownErrorCode | null;
}

export function preflight(keyArn: string): Preflight {
  const fault = faultOf(keyArn);
  if (fault === "KEY_POLICY_TOO_WIDE") return { checks: checksWith(fault, "WARN"), code: null };
  return { checks: fault === null ? checksWith(null, "PASS") : checksWith(fault, "FAIL"), code: fault };
}

/** What comes after a check that failed is SKIPPED. */
export function checksWith(code: KnownErrorCode | null, verdict: "PASS" | "WARN" | "FAIL"): readonly KeyCheckDetailsFragment[] {
  const at = code === null ? -1 : CHECKS.indexOf(DECIDED_BY[code] ?? "GENERATE_DATA_KEY");
  return CHECKS.map((check, index) => {
    if (index === at && code !== null) {
      return { check, verdict, code, message: errorCatalog[code].meaning, remedy: errorCatalog[code].remedy };
    }
    const skipped = verdict === "FAIL" && at !== -1 && index > at;
    return {
      check,
      verdict: skipped ? "SKIPPED" : "PASS",
      code: null,
      message: skipped ? "Not tried." : "As it should be.",
      remedy: null,
    };
  });
}
