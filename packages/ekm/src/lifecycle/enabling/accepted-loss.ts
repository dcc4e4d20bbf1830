import { problem } from "../../errors/catalog.js";
import type { Mover } from "../../keys/move-generation.js";
import { isStorageFault, type KeyRecord } from "../../ports/key-records.js";
import type { KmsFailure, KmsOutcome } from "../../ports/key-service.js";
import type { Ports } from "../../ports/ports.js";
import { proveNewKey } from "../../rotation/probe-key.js";

/**
 * The admin's word, by the account's name, to go on without what cannot be opened. It covers wraps that are damaged or lost, and never
 * a key that refuses: the vendor's key is the vendor's to mend, and what it protects is not lost. After enabling that key is destroyed,
 * so nothing is left behind at first sight: the key must prove that it tells the truth, the records beside the backups must be within
 * reach, and then each generation is tried again.
 */
export interface AcceptedLoss {
  readonly vendorArn: string;
  /** A mover that remembers nothing of the first look, over these records. */
  lookAnew(records: readonly KeyRecord[]): Mover;
}

/** A mover for the second look, or what keeps it from being trusted. */
export async function secondLook(
  { keyService, keyRecords }: Pick<Ports, "keyService" | "keyRecords">,
  accountId: string,
  { vendorArn, lookAnew }: AcceptedLoss,
): Promise<KmsOutcome<Mover>> {
  const proof = await proveNewKey({ keyService }, accountId, vendorArn);
  if (!proof.ok) return distrusted({ ...proof.error, keyArn: vendorArn });
  try {
    return { ok: true, value: lookAnew(await keyRecords.list(accountId)) };
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    return distrusted({ ...problem("STORAGE_UNAVAILABLE"), failureClass: "transient" });
  }
}

const distrusted = (error: KmsFailure): KmsOutcome<never> => ({ ok: false, error });
