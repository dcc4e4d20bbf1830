import type { EncryptionContext } from "../keys/generation.js";
import { probeContext } from "../keys/generation.js";
import type { KmsFailure } from "../ports/key-service.js";
import type { Sample } from "./check-use.js";
import type { KeyCheckName } from "./key-check.js";
import type { Probe } from "./probe.js";

/**
 * FOREIGN_CONTEXT_REFUSED and EMPTY_CONTEXT_REFUSED: the policy must refuse what is not this account's, or another tenant of
 * ours could have this key used (the confused deputy). Called only after the same calls with the right context succeeded;
 * `nobody` is an account id that was made up for this.
 */
export async function checkForeignContexts(probe: Probe, sample: Sample, nobody: string): Promise<void> {
  await checkRefused(probe, sample, "FOREIGN_CONTEXT_REFUSED", probeContext(nobody), "another account's encryption context");
  await checkRefused(probe, sample, "EMPTY_CONTEXT_REFUSED", {}, "no encryption context");
}

async function checkRefused(probe: Probe, sample: Sample, check: KeyCheckName, context: EncryptionContext, what: string) {
  const { report } = probe;
  const answer = await tryContext(probe, sample, context);
  if (answer === "refused") report.pass(check, `The key policy refuses ${what}.`);
  else if (answer === "admitted") report.warn(check, `The key policy admits ${what}.`, "KEY_POLICY_TOO_WIDE");
  else report.warn(check, `Whether the key policy refuses ${what} could not be found out. ${answer.message}`, answer.code);
}

async function tryContext(
  { keyService, key, accountId }: Probe,
  sample: Sample,
  context: EncryptionContext,
): Promise<"refused" | "admitted" | KmsFailure> {
  const made = await keyService.generateDataKey(key.arn, context, accountId);
  if (made.ok) {
    made.value.plaintext.fill(0);
    return "admitted";
  }
  if (made.error.code !== "KEY_ACCESS_DENIED") return made.error;

  const opened = await keyService.decrypt(key.arn, sample.ciphertext, context, accountId);
  // AWS asks the policy before it looks at the bytes: "unreadable" means that the policy let the call through.
  if (opened.ok || opened.error.code === "ACCOUNT_KEY_UNREADABLE") return "admitted";
  return opened.error.code === "KEY_ACCESS_DENIED" ? "refused" : opened.error;
}
