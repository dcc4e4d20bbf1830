import { randomBytes } from "node:crypto";
import { AccountKey, ALWAYS_OPEN, type OpenOptions, open, type SealOptions, seal } from "../src/index.js";

/** The whole as one chunk, or cut after each of `lengths` in turn, again and again. A length of 0 gives an empty chunk. */
export async function* chunks(whole: Uint8Array, lengths: readonly number[] = [whole.length]): AsyncGenerator<Uint8Array> {
  const usable = lengths.some((length) => length > 0) ? lengths : [whole.length];
  for (let offset = 0, turn = 0; offset < whole.length; turn++) {
    const length = usable[turn % usable.length] ?? whole.length;
    yield whole.subarray(offset, offset + length);
    offset += length;
  }
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** What came out before the stream ended, and the error that ended it. */
export async function drain(stream: AsyncIterable<Uint8Array>): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of stream) parts.push(part);
    return { bytes: Buffer.concat(parts), error: null };
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  }
}

export interface Fixture {
  readonly sealOptions: SealOptions;
  readonly openOptions: OpenOptions;
  seal(plaintext: Uint8Array, options?: Partial<SealOptions>): Promise<Buffer>;
  open(message: Uint8Array, options?: Partial<OpenOptions>): Promise<{ bytes: Buffer; error: unknown }>;
}

/** One account key and context, and options for both ways. */
export function fixture(frameLength = 16): Fixture {
  const common = { accountKey: AccountKey.generate(), keyName: "acc-1/7", gate: ALWAYS_OPEN };
  const context = { "ekm:account": "acc-1", "ekm:backup": "b-1", "ekm:object": "o-1", "ekm:generation": "7" };
  const sealOptions: SealOptions = { ...common, context, frameLength };
  const openOptions: OpenOptions = { ...common, expectedContext: context };
  return {
    sealOptions,
    openOptions,
    seal: (plaintext, options) => collect(seal(chunks(plaintext), { ...sealOptions, ...options })),
    open: (message, options) => drain(open(chunks(message), { ...openOptions, ...options })),
  };
}

export const random = (length: number): Buffer => randomBytes(length);
