import { ACCOUNT_KEY_LENGTH, AccountKey } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import { type CanaryWrap, probeContext } from "../keys/generation.js";
import type { KmsOutcome } from "../ports/key-service.js";
import type { Ports } from "../ports/ports.js";

/** Decrypts a canary and compares what came out: the one honest proof that the key works, which DescribeKey is not. */
export async function openCanary({ keyService }: Pick<Ports, "keyService">, canary: CanaryWrap): Promise<KmsOutcome<"opened">> {
  const { accountId, keyArn, ciphertext, checkValue } = canary;
  const decrypted = await keyService.decrypt(keyArn, ciphertext, probeContext(accountId));
  if (!decrypted.ok) return decrypted;
  const { awsRequestId } = decrypted;
  const request = awsRequestId === undefined ? {} : { awsRequestId };
  if (matches(decrypted.value.plaintext, checkValue)) return { ok: true, value: "opened", ...request };
  return { ok: false, error: { ...problem("KMS_ANSWER_INVALID", { keyArn, ...request }), failureClass: "data" } };
}

function matches(plaintext: Uint8Array, checkValue: string): boolean {
  if (plaintext.length !== ACCOUNT_KEY_LENGTH) {
    plaintext.fill(0);
    return false;
  }
  const secret = AccountKey.takeOver(plaintext);
  const same = secret.matches(checkValue);
  secret.destroy();
  return same;
}
