import { problem } from "../errors/catalog.js";
import { isStorageFault, type KeyRecord, type KeyRecords } from "../ports/key-records.js";
import type { KeyService, KmsFailure, KmsOutcome } from "../ports/key-service.js";
import type { Ports } from "../ports/ports.js";
import { accountKeyContext, type KeyGeneration, type KeyWrap } from "./generation.js";
import { openWrap } from "./open-wrap.js";
import { wrapKey } from "./wrap-key.js";

type Way = "ReEncrypt" | "Decrypt and Encrypt";
export interface Moved {
  readonly ciphertext: Uint8Array;
  readonly way: Way;
  /** The database's wrap did not open: what was moved is the generation's record beside the backups. */
  readonly fromRecord: boolean;
}
type From = Pick<KeyWrap, "accountId" | "generation" | "keyArn" | "ciphertext">;

/** Moves generations to one new key. It remembers for the run what it learnt of the keys, so as not to ask it again. */
export interface Mover {
  /**
   * The generation's key under the new key, proved by opening it there and comparing the check value: two calls by ReEncrypt,
   * otherwise (another Region, or a side forbids it) three. The wrap is always a new one, never one that was there before. A wrap
   * that its key does not open, or none, is stood in for by a record beside the backups, under the same key or the new one. A
   * failure names the key that gave it in `keyArn`; `fromArn` is that key where there is no wrap.
   */
  move(generation: KeyGeneration, from: KeyWrap | undefined): Promise<KmsOutcome<Moved>>;
}

export function createMover(
  { keyService, keyRecords }: Pick<Ports, "keyService"> & { readonly keyRecords: Pick<KeyRecords, "list"> },
  { fromArn, toArn }: { readonly fromArn: string; readonly toArn: string },
): Mover {
  const withoutReEncrypt = new Set<string>();
  /** Former keys that refused in this run: each generation would be refused alike. The next run asks anew. */
  const refusing = new Map<string, KmsFailure>();
  let records: Promise<readonly KeyRecord[]> | undefined;

  async function reEncrypted(from: From, checkValue: string): Promise<KmsOutcome<Moved> | null> {
    if (withoutReEncrypt.has(from.keyArn)) return null;
    const context = accountKeyContext(from.accountId, from.generation);
    const { keyArn: fromKeyArn, ciphertext } = from;
    const sides = { fromKeyArn, toKeyArn: toArn, fromContext: context, toContext: context };
    const moved = await keyService.reEncrypt({ ...sides, ciphertext });
    // Of what passes by itself, Decrypt and Encrypt would only be more of the same.
    if (!moved.ok) return moved.error.failureClass === "transient" ? moved : null;
    const proof = await proved(keyService, { ...from, keyArn: toArn, ciphertext: moved.value.ciphertext }, checkValue);
    if (proof !== null) return proof.failureClass === "data" ? null : { ok: false, error: proof };
    return { ok: true, value: { ciphertext: moved.value.ciphertext, way: "ReEncrypt", fromRecord: false } };
  }

  async function throughMemory(from: From, checkValue: string): Promise<KmsOutcome<Moved>> {
    const opened = await openWrap(keyService, from, checkValue);
    if (!opened.ok) return named(opened.error, from.keyArn);
    const wrapped = await wrapKey(keyService, opened.value, { ...from, keyArn: toArn });
    opened.value.destroy();
    if (!wrapped.ok) return named(wrapped.error, toArn);
    const { ciphertext } = wrapped.value;
    const proof = await proved(keyService, { ...from, keyArn: toArn, ciphertext }, checkValue);
    if (proof !== null) return { ok: false, error: proof };
    return { ok: true, value: { ciphertext, way: "Decrypt and Encrypt", fromRecord: false } };
  }

  async function moveFrom(from: From, checkValue: string): Promise<KmsOutcome<Moved>> {
    const known = refusing.get(from.keyArn);
    if (known !== undefined) return { ok: false, error: known };
    const direct = await reEncrypted(from, checkValue);
    if (direct !== null) return direct;
    const moved = await throughMemory(from, checkValue);
    if (moved.ok) withoutReEncrypt.add(from.keyArn);
    else if (moved.error.failureClass === "refusal" && moved.error.keyArn !== toArn) refusing.set(from.keyArn, moved.error);
    return moved;
  }

  /** A store that cannot be read has none: what failed is the wrap. */
  async function standIns({ accountId, generation, checkValue }: KeyGeneration, from?: From): Promise<readonly KeyRecord[]> {
    records ??= keyRecords.list(accountId).catch((error: unknown) => {
      if (!isStorageFault(error)) throw error;
      return [];
    });
    return (await records).filter(
      (record) =>
        record.generation === generation &&
        record.checkValue === checkValue &&
        [toArn, fromArn, from?.keyArn].includes(record.keyArn) &&
        !(record.keyArn === from?.keyArn && Buffer.compare(record.ciphertext, from.ciphertext) === 0),
    );
  }

  return {
    async move(generation, from) {
      const { checkValue } = generation;
      const moved = from === undefined ? unopenable(fromArn) : await moveFrom(from, checkValue);
      if (moved.ok || moved.error.keyArn === toArn || moved.error.failureClass === "transient") return moved;
      for (const record of await standIns(generation, from)) {
        const instead = await moveFrom(record, checkValue);
        if (instead.ok) return { ...instead, value: { ...instead.value, fromRecord: true } };
      }
      return moved;
    },
  };
}

const named = (error: KmsFailure, keyArn: string): KmsOutcome<never> => ({ ok: false, error: { ...error, keyArn } });

/** Null: the wrap opens to the key with this check value. */
async function proved(keyService: KeyService, wrap: From, checkValue: string): Promise<KmsFailure | null> {
  const opened = await openWrap(keyService, wrap, checkValue);
  if (!opened.ok) return { ...opened.error, keyArn: wrap.keyArn };
  opened.value.destroy();
  return null;
}

/** A generation that nothing in the database opens. */
const unopenable = (keyArn: string): KmsOutcome<never> => ({
  ok: false,
  error: { ...problem("ACCOUNT_KEY_UNREADABLE", { keyArn }), failureClass: "data" },
});
