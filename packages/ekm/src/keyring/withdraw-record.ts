import type { KeyWrap } from "../keys/generation.js";
import { isStorageFault } from "../ports/key-records.js";
import type { KeyringPorts } from "./keyring-ports.js";

/** Takes the record of a wrap away that never came into the database; one that stays for the store's sake opens nothing else. */
export async function withdrawRecord(
  { keyRecords }: Pick<KeyringPorts, "keyRecords">,
  { accountId, generation, keyArn, ciphertext }: KeyWrap,
  checkValue: string,
): Promise<void> {
  try {
    await keyRecords.remove({ accountId, generation, keyArn, checkValue, ciphertext });
  } catch (error) {
    if (!isStorageFault(error)) throw error;
  }
}
