import type { KeyGeneration } from "../keys/generation.js";
import type { KeyringPorts } from "./keyring-ports.js";

/**
 * Sees to it that a generation's current wrap also lies beside the backups before anything is sealed under it. The record is
 * always made from the committed row, so that two processes write the same one. If the wrap was replaced meanwhile, the
 * record of the replaced one is taken away again. Throws what KeyRecords throws.
 */
export async function ensureKeyRecord(
  { store, keyRecords }: Pick<KeyringPorts, "store" | "keyRecords">,
  { accountId, generation, checkValue }: KeyGeneration,
): Promise<void> {
  for (;;) {
    const wrap = await store.read.keys.currentWrap(accountId, generation);
    if (wrap === null) return;
    const records = await keyRecords.list(accountId);
    const stored = records.find((record) => record.generation === generation && record.keyArn === wrap.keyArn);
    if (stored !== undefined && equal(stored.ciphertext, wrap.ciphertext) && stored.checkValue === checkValue) return;
    await keyRecords.put(wrap, checkValue);
    const after = await store.read.keys.currentWrap(accountId, generation);
    if (after?.keyArn === wrap.keyArn) return;
    const stillUsed = (await store.read.keys.wraps(accountId)).some((one) => one.keyArn === wrap.keyArn);
    if (!stillUsed) await keyRecords.removeByKey(accountId, wrap.keyArn);
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
