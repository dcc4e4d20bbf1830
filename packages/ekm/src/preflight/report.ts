import { ERROR_CATALOG } from "../errors/catalog.js";
import type { ErrorCode } from "../errors/codes.js";
import { KEY_CHECKS, type KeyCheck, type KeyCheckName } from "./key-check.js";

/** The verdicts of one preflight. A check that nobody decided is SKIPPED. */
export interface Report {
  pass(check: KeyCheckName, message: string): void;
  /** Without a code: a fact to know, not a fault. */
  warn(check: KeyCheckName, message: string, code?: ErrorCode): void;
  /** The message is the catalogue's unless a more precise one is given. */
  fail(check: KeyCheckName, code: ErrorCode, message?: string): void;
  passed(check: KeyCheckName): boolean;
  hasFailure(): boolean;
  /** In the order of KEY_CHECKS, all of them. */
  checks(): readonly KeyCheck[];
}

export function createReport(): Report {
  const decided = new Map<KeyCheckName, KeyCheck>();
  const remedyOf = (code: ErrorCode) => ERROR_CATALOG[code].remedy;
  return {
    pass(check, message) {
      decided.set(check, { check, verdict: "PASS", message });
    },
    warn(check, message, code) {
      decided.set(check, { check, verdict: "WARN", message, ...(code === undefined ? {} : { code, remedy: remedyOf(code) }) });
    },
    fail(check, code, message) {
      decided.set(check, {
        check,
        verdict: "FAIL",
        code,
        message: message ?? ERROR_CATALOG[code].meaning,
        remedy: remedyOf(code),
      });
    },
    passed: (check) => decided.get(check)?.verdict === "PASS",
    hasFailure: () => [...decided.values()].some((check) => check.verdict === "FAIL"),
    checks: () =>
      KEY_CHECKS.map(
        (check) =>
          decided.get(check) ?? { check, verdict: "SKIPPED", message: "Not checked: it depends on a check that failed." },
      ),
  };
}
