import { AccountKey } from "@ekm/crypto-core";
import { openCanary } from "../health/open-canary.js";
import { type CanaryWrap, probeContext } from "../keys/generation.js";
import type { KmsFailure, KmsOutcome } from "../ports/key-service.js";
import type { Ports } from "../ports/ports.js";

/**
 * A new canary under this key, opened there: made by Encrypt and Decrypt, the two operations that a rotation needs of the new
 * key. Saves nothing.
 */
export async function proveNewKey(
  { keyService }: Pick<Ports, "keyService">,
  accountId: string,
  keyArn: string,
): Promise<KmsOutcome<CanaryWrap>> {
  const secret = AccountKey.generate();
  const checkValue = secret.checkValue();
  const bytes = secret.use((own) => Uint8Array.from(own));
  secret.destroy();
  const wrapped = await keyService.encrypt(keyArn, bytes, probeContext(accountId));
  bytes.fill(0);
  if (!wrapped.ok) return wrapped;
  const canary: CanaryWrap = { accountId, keyArn, ciphertext: wrapped.value.ciphertext, checkValue };
  const opened = await openCanary({ keyService }, canary);
  return opened.ok ? { ...opened, value: canary } : opened;
}

/** How the key that the account has now fails to decrypt its canary; null when it works. */
export async function proveCurrentKey(
  { store, keyService }: Pick<Ports, "store" | "keyService">,
  accountId: string,
  keyArn: string,
): Promise<KmsFailure | null> {
  const canary = await store.read.keys.canary(accountId, keyArn);
  // An account without a canary gets one by its next health probe.
  const opened =
    canary === null ? await proveNewKey({ keyService }, accountId, keyArn) : await openCanary({ keyService }, canary);
  return opened.ok ? null : { ...opened.error, keyArn };
}
