import { ACCOUNT_KEY_LENGTH, AccountKey } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import type { KeyService, KmsOutcome } from "../ports/key-service.js";
import { accountKeyContext, type KeyWrap } from "./generation.js";

/**
 * Opens a wrap. With a check value the bytes must be the key that it names, KMS_ANSWER_INVALID (class `data`) otherwise; without
 * one any 32 bytes are a key. The caller destroys the key.
 */
export async function openWrap(
  keyService: KeyService,
  { accountId, generation, keyArn, ciphertext }: Pick<KeyWrap, "accountId" | "generation" | "keyArn" | "ciphertext">,
  checkValue?: string,
): Promise<KmsOutcome<AccountKey>> {
  const opened = await keyService.decrypt(keyArn, ciphertext, accountKeyContext(accountId, generation));
  if (!opened.ok) return opened;
  const { plaintext } = opened.value;
  if (plaintext.length === ACCOUNT_KEY_LENGTH) {
    const key = AccountKey.takeOver(plaintext);
    if (checkValue === undefined || key.matches(checkValue)) return { ...opened, value: key };
    key.destroy();
  }
  plaintext.fill(0);
  const { awsRequestId } = opened;
  const request = awsRequestId === undefined ? {} : { awsRequestId };
  return { ok: false, error: { ...problem("KMS_ANSWER_INVALID", { keyArn, ...request }), failureClass: "data" } };
}
