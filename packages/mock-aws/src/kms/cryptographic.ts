import { setTimeout as sleep } from "node:timers/promises";
import type { ExternalKeyCondition } from "../control/interface.js";
import { AwsFault } from "../front/aws-fault.js";
import type { KeyRecord } from "../keys/key.js";
import { stateFault } from "../keys/state-table.js";
import { kindOf } from "./key-kinds.js";
import type { KeyInCall } from "./operation.js";

/** AWS's default time-out of an external key store proxy. */
const PROXY_TIMEOUT_MS = 250;

/** AWS KMS Developer Guide, "Troubleshooting external key stores". */
const EXTERNAL_KEY_ANSWERS: Readonly<Record<Exclude<ExternalKeyCondition, "ok">, string>> = {
  slow:
    "AWS KMS rejected the request because the external key store proxy did not respond in time. Retry the request. If you see " +
    "this error repeatedly, report it to your external key store proxy administrator.",
  disabled:
    "The external key store proxy rejected the request because the external key is not enabled in the external key manager.",
  "not-found": "The external key store proxy rejected the request because it could not find the external key.",
  denied:
    "The external key store proxy denied access to the operation. Verify that the user and the external key are both authorized " +
    "for this operation, and try the request again.",
  unreachable:
    "AWS KMS cannot communicate with the external key store proxy. This might be a transient network error. If you see this " +
    "error repeatedly, verify that your external key store proxy is active and that its endpoint URI is correct in its external " +
    "key store.",
};

/** What an operation needs of a key. */
export interface Requirement {
  readonly operation: string;
  readonly usage: "ENCRYPT_DECRYPT" | "SIGN_VERIFY" | "GENERATE_VERIFY_MAC" | "KEY_AGREEMENT";
  /** Of the lists that go with the usage. */
  readonly algorithm: string;
}

/**
 * Why a key cannot do it now: its state, its usage, its kind, the external key behind it. Null where it can. A promise only where
 * the answer takes time.
 */
export function cryptographicFault(
  { record, condition }: KeyInCall,
  requirement: Requirement,
): AwsFault | null | Promise<AwsFault> {
  return (
    stateFault("cryptographic", record.arn, condition) ??
    usageFault(record, requirement) ??
    externalKeyFault(condition.externalKey)
  );
}

/** Which of a kind's lists is about a usage. */
const ALGORITHMS = {
  ENCRYPT_DECRYPT: "encryption",
  SIGN_VERIFY: "signing",
  GENERATE_VERIFY_MAC: "mac",
  KEY_AGREEMENT: "agreement",
} as const;

export function usageFault(key: KeyRecord, { operation, usage, algorithm }: Requirement): AwsFault | null {
  if (key.keyUsage !== usage) {
    const message = `${key.arn} key usage is ${key.keyUsage} which is not valid for ${operation}.`;
    return new AwsFault("InvalidKeyUsageException", message);
  }
  if (kindOf(key.keySpec)?.[ALGORITHMS[usage]]?.includes(algorithm)) return null;
  return new AwsFault("InvalidKeyUsageException", `Algorithm ${algorithm} is incompatible with key spec ${key.keySpec}.`);
}

/** For encryption: an algorithm that is not named is the symmetric one. */
export const encryptionBy = (operation: string, algorithm: string | undefined): Requirement => ({
  operation,
  usage: "ENCRYPT_DECRYPT",
  algorithm: algorithm ?? "SYMMETRIC_DEFAULT",
});

function externalKeyFault(externalKey: ExternalKeyCondition): AwsFault | null | Promise<AwsFault> {
  if (externalKey === "ok") return null;
  const fault = new AwsFault("KMSInvalidStateException", EXTERNAL_KEY_ANSWERS[externalKey]);
  return externalKey === "slow" ? sleep(PROXY_TIMEOUT_MS, fault) : fault;
}

export const dryRunFault = (dryRun: boolean | undefined): AwsFault | null =>
  dryRun === true
    ? new AwsFault("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")
    : null;
