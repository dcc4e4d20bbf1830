import { type FrameGate, inlineCiphers } from "@ekm/crypto-core";
import type { VaultPorts } from "../api.js";
import { ignoringStorage } from "../faults/ignoring-storage.js";
import { type Attempt, frameLengthFor, keyName, objectContext } from "../format/names.js";
import { passGate } from "../pacing/stoppable-gate.js";
import type { SealingKey } from "../ports/key-access.js";
import { ObjectExistsError, type StoredObject } from "../ports/object-store.js";

/** The generation takes no more wraps: the backup must begin anew under the next one, for it names one generation only. */
export class GenerationFullError extends Error {
  override name = "GenerationFullError";
}

/** What an attempt has put into the store, so that a failed one takes it away again. */
export class WrittenObjects {
  readonly #names = new Set<string>();

  constructor(readonly objects: VaultPorts<unknown>["objects"]) {}

  async put(name: string, body: AsyncIterable<Uint8Array>, flush: "now" | "later"): Promise<StoredObject> {
    this.#names.add(name); // before the put: one that fails after a time-out may have arrived
    try {
      return await this.objects.put(name, body, flush);
    } catch (error) {
      if (error instanceof ObjectExistsError) this.#names.delete(name); // somebody else's
      throw error;
    }
  }

  /** All that was put to be flushed later outlasts a loss of power from now on. */
  async flush(): Promise<void> {
    await this.objects.flush([...this.#names]);
  }

  /** Best effort: an object that stays is never reachable, since no manifest row names it. */
  async discard(): Promise<void> {
    for (const name of this.#names) await ignoringStorage(this.objects.delete(name));
    this.#names.clear();
  }
}

export interface SealOrder {
  readonly name: string;
  readonly plaintextBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** Stands for the sealer's own gate, when given: it is closed earlier. */
  readonly gate?: FrameGate;
  /** "later": the object outlasts a loss of power only once the written objects were flushed. */
  readonly flush: "now" | "later";
  /** Is shown what is stored, piece by piece, before the store has it. */
  readonly onSealed?: (piece: Uint8Array) => void;
}

export interface Sealer {
  /** Seals a body into a new object. Throws GenerationFullError, and what the gate, the store and the body throw. */
  put(order: SealOrder): Promise<StoredObject>;
  /** The same, with the SHA-256 of the plaintext, hex. */
  putDigested(order: SealOrder): Promise<StoredObject & { readonly plaintextSha256: string }>;
  readonly lastSealedAt: Date;
}

export function createSealer(
  of: Attempt,
  key: SealingKey,
  { clock, ciphers = inlineCiphers }: Pick<VaultPorts<unknown>, "clock" | "ciphers">,
  ownGate: FrameGate,
  written: WrittenObjects,
): Sealer {
  let lastSealedAt = clock.now();
  async function* stamped(
    message: AsyncIterable<Uint8Array>,
    onSealed: ((piece: Uint8Array) => void) | undefined,
  ): AsyncGenerator<Uint8Array> {
    for await (const piece of message) {
      lastSealedAt = clock.now();
      onSealed?.(piece);
      yield piece;
    }
  }
  async function seal({ name, plaintextBytes, body, gate = ownGate, flush, onSealed }: SealOrder, digest: boolean) {
    if (!(await key.takeWrap())) throw new GenerationFullError();
    await passGate(gate);
    const message = ciphers.seal(body, {
      // Read when the gate is open: a renewed lease may have another key object.
      get accountKey() {
        return key.key;
      },
      keyName: keyName(of.accountId, key.generation),
      context: objectContext(of, name, key.generation),
      frameLength: frameLengthFor(plaintextBytes),
      gate,
      digest,
    });
    return { message, stored: await written.put(name, stamped(message, onSealed), flush) };
  }
  return {
    put: async (order) => (await seal(order, false)).stored,
    async putDigested(order) {
      const { message, stored } = await seal(order, true);
      return { ...stored, plaintextSha256: message.digest() };
    },
    get lastSealedAt() {
      return lastSealedAt;
    },
  };
}
