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

  async put(name: string, body: AsyncIterable<Uint8Array>, sha256: () => string): Promise<StoredObject> {
    this.#names.add(name); // before the put: one that fails after a time-out may have arrived
    try {
      return await this.objects.put(name, body, sha256);
    } catch (error) {
      if (error instanceof ObjectExistsError) this.#names.delete(name); // somebody else's
      throw error;
    }
  }

  /** Best effort: an object that stays is never reachable, since no manifest row names it. */
  async discard(): Promise<void> {
    for (const name of this.#names) await ignoringStorage(this.objects.delete(name));
    this.#names.clear();
  }
}

export interface SealedObject extends StoredObject {
  /** SHA-256 of the plaintext, hex. */
  readonly plaintextSha256: string;
}

export interface Sealer {
  /**
   * Seals `body` into a new object. Throws GenerationFullError, and what the gate, the store and the body throw. `gate`, when
   * given, stands for the sealer's own: it is closed earlier.
   */
  put(name: string, plaintextBytes: number, body: AsyncIterable<Uint8Array>, gate?: FrameGate): Promise<SealedObject>;
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
  async function* stamped(message: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of message) {
      lastSealedAt = clock.now();
      yield piece;
    }
  }
  return {
    async put(name, plaintextBytes, body, gate = ownGate) {
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
      });
      const stored = await written.put(name, stamped(message), () => message.digests().message);
      return { ...stored, plaintextSha256: message.digests().plaintext };
    },
    get lastSealedAt() {
      return lastSealedAt;
    },
  };
}
