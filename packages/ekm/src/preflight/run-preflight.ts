import type { Account } from "../accounts/account.js";
import { customerKeyOf } from "../health/record-observation.js";
import { type KeyArn, parseKeyArn } from "../identifiers/parse-key-arn.js";
import { type CanaryWrap, probeContext } from "../keys/generation.js";
import type { Ports } from "../ports/ports.js";
import { checkDescription, mayDescribe } from "./check-description.js";
import { checkForeignContexts } from "./check-foreign-context.js";
import { checkNotTaken, isContextBound } from "./check-not-taken.js";
import { checkOwnAccountKey } from "./check-own-account.js";
import { checkReEncrypt } from "./check-reencrypt.js";
import { checkUse } from "./check-use.js";
import type { KeyCheck } from "./key-check.js";
import type { Probe } from "./probe.js";
import { recordRequestIds } from "./record-request-ids.js";
import { createReport, type Report } from "./report.js";

export type PreflightPorts = Pick<Ports, "store" | "ids" | "keyService" | "vendorKeys" | "settings">;

export interface Preflight {
  /** All of KEY_CHECKS, in their order. */
  readonly checks: readonly KeyCheck[];
  /** No check failed. */
  readonly usable: boolean;
  /** The failed check whose code stands for the whole; absent when usable. */
  readonly decisive?: KeyCheck;
  /** Absent when the text is not an ARN of a key in an allowed Region. */
  readonly key?: KeyArn;
  /** Whether the policy refused a foreign and an empty context. */
  readonly contextBound: boolean;
  readonly awsRequestIds: readonly string[];
}

/**
 * Whether this key can protect this account, found out by using it. Changes nothing. What depends on a check that failed is
 * SKIPPED, so that submitting a stranger's key reveals nothing of it. 11 calls at most, none in a transaction.
 */
export async function runPreflight(ports: PreflightPorts, account: Account, keyArn: string): Promise<Preflight> {
  const report = createReport();
  const { keyService, awsRequestIds } = recordRequestIds(ports.keyService);
  const key = checkIdentifier(keyArn, ports.settings.allowedRegions, report);
  if (key) await probeKey(ports, account, { keyService, key, accountId: account.id, context: probeContext(account.id), report });

  const checks = report.checks();
  const decisive = decisiveOf(checks);
  return {
    checks,
    usable: decisive === undefined,
    ...(decisive ? { decisive } : {}),
    ...(key ? { key } : {}),
    contextBound: isContextBound({ report }),
    awsRequestIds,
  };
}

/** ARN_FORM and REGION. */
function checkIdentifier(text: string, allowedRegions: readonly string[], report: Report): KeyArn | null {
  const parsed = parseKeyArn(text, allowedRegions);
  if (!parsed.ok && parsed.error.code !== "KEY_REGION_UNSUPPORTED") {
    report.fail("ARN_FORM", parsed.error.code, parsed.error.message);
    return null;
  }
  report.pass("ARN_FORM", "This is the ARN of an AWS KMS key.");
  if (!parsed.ok) {
    report.fail("REGION", parsed.error.code, parsed.error.message);
    return null;
  }
  report.pass("REGION", `Keys in ${parsed.value.region} are supported.`);
  return parsed.value;
}

async function probeKey(ports: PreflightPorts, account: Account, probe: Probe): Promise<void> {
  if (probe.key.awsAccountId === ports.vendorKeys.identity.awsAccountId) return checkOwnAccountKey(probe);
  const sample = await checkUse(probe);
  if (mayDescribe(probe)) await checkDescription(probe);
  if (sample) {
    await checkReEncrypt(probe, sample, await currentCanary(ports, account, probe.key));
    await checkForeignContexts(probe, sample, ports.ids.next("acc"));
    sample.plaintext.fill(0);
  }
  if (!probe.report.hasFailure()) await checkNotTaken(probe, account.id, ports.store);
}

/** Of the customer key that this one is to replace, if there is such a key. */
async function currentCanary({ store }: PreflightPorts, account: Account, key: KeyArn): Promise<CanaryWrap | null> {
  const current = customerKeyOf(account);
  return current === null || current.arn === key.arn ? null : store.read.keys.canary(account.id, current.arn);
}

/** The first failure, but what the key *is* outranks how it answered. */
function decisiveOf(checks: readonly KeyCheck[]): KeyCheck | undefined {
  const failed = checks.filter((check) => check.verdict === "FAIL");
  return failed.find((check) => check.check === "KEY_TYPE") ?? failed[0];
}
