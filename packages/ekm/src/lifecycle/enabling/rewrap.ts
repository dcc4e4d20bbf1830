import { accountKeyContext, type KeyWrap } from "../../keys/generation.js";
import { openWrap } from "../../keys/open-wrap.js";
import { wrapKey } from "../../keys/wrap-key.js";
import type { KeyService, KmsOutcome } from "../../ports/key-service.js";

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
  const opened = await openWrap(keyService, { ...from, keyArn: toKeyArn, ciphertext: wrapped.value.ciphertext }, checkValue);
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
  const opened = await openWrap(keyService, from, checkValue);
  if (!opened.ok) return opened;
  const wrapped = await wrapKey(keyService, opened.value, { ...from, keyArn: toKeyArn });
  opened.value.destroy();
  return wrapped;
}
