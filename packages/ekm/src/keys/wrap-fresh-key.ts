import { AccountKey } from "@ekm/crypto-core";
import type { KeyService, KmsOutcome } from "../ports/key-service.js";
import type { KeyWrap } from "./generation.js";
import { openWrap } from "./open-wrap.js";
import { wrapKey } from "./wrap-key.js";

/** A fresh account key, wrapped; opened again before anything depends on it, for a wrap that does not open loses data. */
export async function wrapFreshKey(
  keyService: KeyService,
  place: Pick<KeyWrap, "accountId" | "generation" | "keyArn">,
): Promise<KmsOutcome<{ readonly ciphertext: Uint8Array; readonly checkValue: string }>> {
  const fresh = AccountKey.generate();
  const checkValue = fresh.checkValue();
  try {
    const wrapped = await wrapKey(keyService, fresh, place);
    if (!wrapped.ok) return wrapped;
    const { ciphertext } = wrapped.value;
    const opened = await openWrap(keyService, { ...place, ciphertext }, checkValue);
    if (!opened.ok) return opened;
    opened.value.destroy();
    return { ok: true, value: { ciphertext, checkValue } };
  } finally {
    fresh.destroy();
  }
}
