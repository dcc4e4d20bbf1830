import type { RotationPorts } from "./rotation-ports.js";

/**
 * Beside the backups there is the record of every current wrap, and then no record of a wrap that is gone. A record without
 * a current wrap in the database stays: it may be the last of its kind. False: told to stop half way.
 */
export async function keepCurrentRecordsOnly(
  { store, keyRecords }: Pick<RotationPorts, "store" | "keyRecords">,
  accountId: string,
  stop: AbortSignal,
): Promise<boolean> {
  const wraps = await store.read.keys.wraps(accountId);
  const rows = new Set(wraps.map((wrap) => `${wrap.generation} ${wrap.keyArn}`));
  const current = new Map(wraps.filter((wrap) => wrap.state === "CURRENT").map((wrap) => [wrap.generation, wrap]));
  const records = await keyRecords.list(accountId);

  for (const { generation, checkValue } of await store.read.keys.generations(accountId)) {
    const wrap = current.get(generation);
    if (wrap === undefined) continue;
    if (stop.aborted) return false;
    const record = records.find((one) => one.generation === generation && one.keyArn === wrap.keyArn);
    const inPlace = record?.checkValue === checkValue && Buffer.compare(record.ciphertext, wrap.ciphertext) === 0;
    if (!inPlace) await keyRecords.put(wrap, checkValue);
  }
  for (const { generation, keyArn } of records) {
    if (!current.has(generation) || rows.has(`${generation} ${keyArn}`)) continue;
    if (stop.aborted) return false;
    await keyRecords.remove(accountId, generation, keyArn);
  }
  return true;
}
