import type { ExternalKeyCondition } from "../control/interface.js";
import { AwsFault } from "../front/aws-fault.js";
import { stateFault } from "../keys/state-table.js";
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

/** Why a key cannot encrypt or decrypt now: its state, its kind, the external key behind it. Null where it can. */
export async function cryptographicFault(
  { record, condition }: KeyInCall,
  operation: string,
  algorithm: string = "SYMMETRIC_DEFAULT",
): Promise<AwsFault | null> {
  const state = stateFault("cryptographic", record.arn, condition);
  if (state) return state;
  if (record.keyUsage !== "ENCRYPT_DECRYPT") {
    return new AwsFault(
      "InvalidKeyUsageException",
      `${record.arn} key usage is ${record.keyUsage} which is not valid for ${operation}.`,
    );
  }
  const symmetric = record.keySpec === "SYMMETRIC_DEFAULT";
  if (symmetric !== (algorithm === "SYMMETRIC_DEFAULT")) {
    return new AwsFault("InvalidKeyUsageException", `Algorithm ${algorithm} is incompatible with key spec ${record.keySpec}.`);
  }
  if (!symmetric) {
    return new AwsFault("UnsupportedOperationException", "This simulator does not encrypt with asymmetric keys.");
  }
  if (condition.externalKey === "ok") return null;
  if (condition.externalKey === "slow") await new Promise((resolve) => setTimeout(resolve, PROXY_TIMEOUT_MS));
  return new AwsFault("KMSInvalidStateException", EXTERNAL_KEY_ANSWERS[condition.externalKey]);
}

export const dryRunFault = (dryRun: boolean | undefined): AwsFault | null =>
  dryRun === true
    ? new AwsFault("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")
    : null;
