import { ACCOUNT_KEY_LENGTH, AccountKey } from "@ekm/crypto-core";
import { problem } from "../../errors/catalog.js";
import { accountKeyContext, type KeyWrap } from "../../keys/generation.js";
import type { KeyService, KmsFailure, KmsOutcome } from "../../ports/key-service.js";

export interface RewrapRequest {
  readonly from: KeyWrap;
  readonly toKeyArn: string;
  /** Of the generation's key: what comes out under the new key must be this key. */
  readonly checkValue: string;
  /** False where the preflight has shown that ReEncrypt cannot be used. */
  readonly reEncrypt: boolean;
}

type Ciphertext = { readonly ciphertext: Uint8Array };

/**
 * The same account key under another KMS key, proved by opening it there: two calls with ReEncrypt, otherwise (another
 * Region, or a side forbids it) three. A failure names the key that refused in its `keyArn`.
 */
export async function rewrap(keyService: KeyService, request: RewrapRequest): Promise<KmsOutcome<Ciphertext>> {
  const { from, toKeyArn, checkValue } = request;
  const moved = request.reEncrypt ? await moveInsideKms(keyService, request) : null;
  const wrapped = moved?.ok ? moved : await moveThroughMemory(keyService, request);
  if (!wrapped.ok) return wrapped;
  const opened = await openKey(keyService, { ...from, keyArn: toKeyArn, ciphertext: wrapped.value.ciphertext }, checkValue);
  if (!opened.ok) return opened;
  opened.value.destroy();
  return wrapped;
}

async function moveInsideKms(keyService: KeyService, { from, toKeyArn }: RewrapRequest): Promise<KmsOutcome<Ciphertext> | null> {
  const context = accountKeyContext(from.accountId, from.generation);
  return keyService.reEncrypt({
    fromKeyArn: from.keyArn,
    toKeyArn,
    ciphertext: from.ciphertext,
    fromContext: context,
    toContext: context,
  });
}

async function moveThroughMemory(
  keyService: KeyService,
  { from, toKeyArn, checkValue }: RewrapRequest,
): Promise<KmsOutcome<Ciphertext>> {
  const opened = await openKey(keyService, from, checkValue);
  if (!opened.ok) return opened;
  const wrapped = await wrapKey(keyService, opened.value, { ...from, keyArn: toKeyArn });
  opened.value.destroy();
  return wrapped;
}

/** Wraps an account key for its generation under `keyArn`. The key stays the caller's. */
export async function wrapKey(
  keyService: KeyService,
  key: AccountKey,
  { accountId, generation, keyArn }: Pick<KeyWrap, "accountId" | "generation" | "keyArn">,
): Promise<KmsOutcome<Ciphertext>> {
  const bytes = key.use((own) => Uint8Array.from(own));
  const wrapped = await keyService.encrypt(keyArn, bytes, accountKeyContext(accountId, generation));
  bytes.fill(0);
  return wrapped;
}

/** Opens a wrap. With a check value, the key must be the one it names; KMS_ANSWER_INVALID otherwise. The caller destroys the key. */
export async function openKey(
  keyService: KeyService,
  { accountId, generation, keyArn, ciphertext }: Pick<KeyWrap, "accountId" | "generation" | "keyArn" | "ciphertext">,
  checkValue?: string,
): Promise<KmsOutcome<AccountKey>> {
  const opened = await keyService.decrypt(keyArn, ciphertext, accountKeyContext(accountId, generation));
  if (!opened.ok) return opened;
  const { plaintext } = opened.value;
  if (plaintext.length !== ACCOUNT_KEY_LENGTH) {
    plaintext.fill(0);
    return { ok: false, error: answerInvalid(keyArn) };
  }
  const key = AccountKey.takeOver(plaintext);
  if (checkValue === undefined || key.matches(checkValue)) return { ...opened, value: key };
  key.destroy();
  return { ok: false, error: answerInvalid(keyArn) };
}

const answerInvalid = (keyArn: string): KmsFailure => ({ ...problem("KMS_ANSWER_INVALID", { keyArn }), failureClass: "data" });
