import { type AccountKey, ALWAYS_OPEN } from "@ekm/crypto-core";
import { type KeyService, type KmsFailure, openWrap, problem } from "@ekm/ekm";
import { createKeyRecords, type KeyAccess, type ObjectStore } from "@ekm/vault";
import { type Kit, regionOf } from "./kit.js";

interface KitKeys extends KeyAccess<KmsFailure> {
  destroy(): void;
}

interface Wrap {
  readonly keyArn: string;
  readonly ciphertext: Uint8Array;
}

/**
 * The account's keys by the kit's wraps, and where the customer's key has changed since, by the records that lie with the objects: what they
 * give must match the kit's check value. Without a lease: they are the customer's own. For reading only. Throws StorageError.
 */
export function createKitKeys(kit: Kit, keyServiceOf: (region: string) => KeyService, objects: ObjectStore): KitKeys {
  const opened = new Map<number, AccountKey>();

  const open = ({ keyArn, ciphertext }: Wrap, generation: number, checkValue: string) => {
    const place = { accountId: kit.accountId, generation, keyArn, ciphertext };
    return openWrap(keyServiceOf(regionOf(keyArn) ?? ""), place, checkValue);
  };

  async function find(generation: number): Promise<AccountKey | KmsFailure> {
    const listed = kit.generations.find((one) => one.generation === generation);
    if (listed === undefined) return { ...problem("ACCOUNT_KEY_UNREADABLE"), failureClass: "data" };
    const { keyArn, checkValue } = listed;
    const ciphertext = Buffer.from(listed.ciphertext, "base64");
    const first = await open({ keyArn, ciphertext }, generation, checkValue);
    if (first.ok) return first.value;
    for (const record of await createKeyRecords(objects).list(kit.accountId)) {
      if (record.generation !== generation || ciphertext.equals(record.ciphertext)) continue;
      const other = await open(record, generation, checkValue);
      if (other.ok) return other.value;
    }
    return first.error;
  }

  return {
    forSealing: () => Promise.reject(new Error("an exit kit seals nothing")),
    async forReading(_accountId, generation) {
      const found = opened.get(generation) ?? (await find(generation));
      if (!("use" in found)) return { ok: false, error: found };
      opened.set(generation, found);
      return { ok: true, value: { generation, key: found, gate: ALWAYS_OPEN, release: () => {} } };
    },
    destroy() {
      for (const key of opened.values()) key.destroy();
    },
  };
}
