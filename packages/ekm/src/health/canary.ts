import { AccountKey } from "@ekm/crypto-core";
import { type CanaryWrap, probeContext } from "../keys/generation.js";
import type { KmsOutcome } from "../ports/key-service.js";
import type { Ports } from "../ports/ports.js";

/** A new canary under this key. Its check value is that of an account key; nothing is ever encrypted by it. Saves nothing. */
export async function makeCanary(
  { keyService }: Pick<Ports, "keyService">,
  accountId: string,
  keyArn: string,
): Promise<KmsOutcome<CanaryWrap>> {
  const made = await keyService.generateDataKey(keyArn, probeContext(accountId));
  if (!made.ok) return made;
  const secret = AccountKey.takeOver(made.value.plaintext);
  const checkValue = secret.checkValue();
  secret.destroy();
  return { ...made, value: { accountId, keyArn, ciphertext: made.value.ciphertext, checkValue } };
}
