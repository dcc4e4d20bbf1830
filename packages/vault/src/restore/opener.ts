import { type FrameGate, open } from "@ekm/crypto-core";
import type { VaultPorts } from "../api.js";
import { corrupt } from "../faults/vault-error.js";
import { type Attempt, keyName, LARGE_FRAME, objectContext } from "../format/names.js";
import { passGate } from "../pacing/stoppable-gate.js";
import type { AccessibleKey } from "../ports/key-access.js";

export interface Opener {
  /**
   * The verified plaintext of one object, held to its place by its context. `tap` sees the stored bytes as they pass. Throws
   * VaultError(BACKUP_CORRUPT) when it is missing, and what `open`, the gate and the store throw.
   */
  open(name: string, gate: FrameGate, tap?: (stored: Uint8Array) => void): AsyncIterable<Uint8Array>;
}

export function createOpener(
  of: Pick<Attempt, "accountId" | "backupId">,
  objects: VaultPorts<unknown>["objects"],
  key: AccessibleKey,
): Opener {
  return {
    async *open(name, gate, tap) {
      const stored = await objects.get(name);
      if (stored === null) throw corrupt(`an object of the backup is missing: ${name}`);
      await passGate(gate);
      yield* open(tap === undefined ? stored : tapped(stored, tap), {
        // Read when the gate is open: a renewed lease may have another key object.
        get accountKey() {
          return key.key;
        },
        keyName: keyName(of.accountId, key.generation),
        expectedContext: objectContext(of, name, key.generation),
        gate,
        maxFrameLength: LARGE_FRAME,
      });
    },
  };
}

async function* tapped(stored: AsyncIterable<Uint8Array>, tap: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const bytes of stored) {
    tap(bytes);
    yield bytes;
  }
}
