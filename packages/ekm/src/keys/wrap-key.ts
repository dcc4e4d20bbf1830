import type { AccountKey } from "@ekm/crypto-core";
import type { KeyService, KmsOutcome } from "../ports/key-service.js";
import { accountKeyContext, type KeyWrap } from "./generation.js";

/** Wraps an account key for its generation under `keyArn`. The key stays the caller's. */
export async function wrapKey(
  keyService: KeyService,
  key: AccountKey,
  { accountId, generation, keyArn }: Pick<KeyWrap, "accountId" | "generation" | "keyArn">,
): Promise<KmsOutcome<{ readonly ciphertext: Uint8Array }>> {
  const bytes = key.use((own) => Uint8Array.from(own));
  try {
    return await keyService.encrypt(keyArn, bytes, accountKeyContext(accountId, generation));
  } finally {
    bytes.fill(0);
  }
}
