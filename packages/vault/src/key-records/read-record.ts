import type { ObjectStore } from "../ports/object-store.js";
import { MAX_RECORD_BYTES } from "./record.js";

/** The stored bytes of a record, or null when there is none. Reads no more than a record can have, plus one. */
export async function readRecord(objects: ObjectStore, name: string): Promise<Buffer | null> {
  const body = await objects.get(name);
  if (body === null) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_RECORD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_RECORD_BYTES + 1);
}
