import { type DigestedStream, type FrameGate, inlineCiphers } from "@ekm/crypto-core";
import type { VaultPorts } from "../api.js";
import { corrupt } from "../faults/vault-error.js";
import { type Attempt, keyName, LARGE_FRAME, objectContext } from "../format/names.js";
import { passGate } from "../pacing/stoppable-gate.js";
import type { AccessibleKey } from "../ports/key-access.js";

export interface OpenedObject extends DigestedStream {
  /** Stored bytes that were read so far. */
  readonly storedBytes: number;
}

export interface OpenedHow {
  /** Take the digest of the whole plaintext. Not taken unless asked for. */
  readonly digest?: boolean;
  /** Is shown what is stored, chunk by chunk. */
  readonly onStored?: (chunk: Uint8Array) => void;
}

export interface Opener {
  /**
   * The verified plaintext of one object, held to its place by its context. Throws VaultError(BACKUP_CORRUPT) when it is missing,
   * and what `open`, the gate and the store throw.
   */
  open(name: string, gate: FrameGate, how?: OpenedHow): OpenedObject;
}

export function createOpener(
  of: Pick<Attempt, "accountId" | "backupId">,
  { objects, ciphers = inlineCiphers }: Pick<VaultPorts<unknown>, "objects" | "ciphers">,
  key: AccessibleKey,
): Opener {
  return {
    open(name, gate, { digest = false, onStored } = {}) {
      let storedBytes = 0;
      let message: DigestedStream | undefined;
      async function* counted(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of stored) {
          storedBytes += chunk.length;
          onStored?.(chunk);
          yield chunk;
        }
      }
      async function* plaintext(): AsyncGenerator<Uint8Array> {
        const stored = await objects.get(name);
        if (stored === null) throw corrupt(`an object of the backup is missing: ${name}`);
        await passGate(gate);
        message = ciphers.open(counted(stored), {
          // Read when the gate is open: a renewed lease may have another key object.
          get accountKey() {
            return key.key;
          },
          keyName: keyName(of.accountId, key.generation),
          expectedContext: objectContext(of, name, key.generation),
          gate,
          maxFrameLength: LARGE_FRAME,
          digest,
        });
        yield* message;
      }
      const stream = plaintext();
      return {
        [Symbol.asyncIterator]: () => stream,
        get storedBytes() {
          return storedBytes;
        },
        digest() {
          if (message === undefined) throw new Error("the object has not been read");
          return message.digest();
        },
      };
    },
  };
}
