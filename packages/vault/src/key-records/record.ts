import { createHash } from "node:crypto";
import { isObjectNamePart } from "../ports/object-name.js";

/**
 * A wrap of an account key, as kept beside the backups: one JSON object, format version 1:
 * `{"version":1,"accountId","generation","keyArn","checkValue","ciphertext":<base64>}`. Nothing in it is secret.
 */
export interface KeyRecord {
  readonly accountId: string;
  readonly generation: number;
  readonly keyArn: string;
  readonly checkValue: string;
  readonly ciphertext: Uint8Array;
}

/** A ciphertext of 6144 bytes is 8192 in base64; the rest is short. */
export const MAX_RECORD_BYTES = 16 * 1024;

const hash = (data: string | Uint8Array, digits: number): string =>
  createHash("sha256").update(data).digest("hex").slice(0, digits);

export const recordPrefix = (accountId: string): string => `${accountId}/keys/`;

/**
 * `<accountId>/keys/<generation>-<hash of keyArn>-<hash of the record>`: wrapping the same key anew, by the same customer key,
 * gives another ciphertext, hence another record and never a replaced one; and a damaged record misses its name.
 */
export const recordName = (record: KeyRecord): string =>
  `${recordPrefix(record.accountId)}${record.generation}-${hash(record.keyArn, 32)}-${hash(encodeRecord(record), 16)}`;

/** Whether the name is one of a record that is wrapped by this key. */
export const isNameOfKey = (name: string, keyArn: string): boolean => name.split("-").at(-2) === hash(keyArn, 32);

export function encodeRecord({ accountId, generation, keyArn, checkValue, ciphertext }: KeyRecord): Buffer {
  const base64 = Buffer.from(ciphertext).toString("base64");
  return Buffer.from(`${JSON.stringify({ version: 1, accountId, generation, keyArn, checkValue, ciphertext: base64 })}\n`);
}

/** Null unless the bytes are exactly a record of this version. */
export function decodeRecord(bytes: Uint8Array): KeyRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { version, accountId, generation, keyArn, checkValue, ciphertext } = value as Readonly<Record<string, unknown>>;
  if (version !== 1 || typeof accountId !== "string" || !isObjectNamePart(accountId)) return null;
  if (!Number.isSafeInteger(generation) || (generation as number) < 1) return null;
  if (typeof keyArn !== "string" || typeof checkValue !== "string" || typeof ciphertext !== "string") return null;
  const record: KeyRecord = {
    accountId,
    generation: generation as number,
    keyArn,
    checkValue,
    ciphertext: Buffer.from(ciphertext, "base64"),
  };
  return encodeRecord(record).equals(bytes) ? record : null;
}
