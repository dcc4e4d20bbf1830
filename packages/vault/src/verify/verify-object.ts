import { createHash } from "node:crypto";
import type { FrameGate } from "@ekm/crypto-core";
import { corrupt } from "../faults/vault-error.js";
import type { FileEntry, ManifestObject } from "../manifest/manifest.js";
import type { Pacer } from "../pacing/pacer.js";
import type { Progress } from "../pacing/progress.js";
import { ByteCursor } from "../restore/byte-cursor.js";
import type { Opener } from "../restore/opener.js";

/** Reads one object whole: what is stored must be what the manifest states, and so must each file in it. Throws VaultError and what `opener` throws. */
export async function verifyObject(
  { name, object, files }: { name: string; object: ManifestObject; files: readonly FileEntry[] },
  opener: Opener,
  gate: FrameGate,
  { pacer, progress }: { pacer: Pacer; progress: Progress },
): Promise<void> {
  const [alone] = files.length === 1 ? files : [];
  const stored = object.sha256 === undefined ? undefined : createHash("sha256");
  const plaintext = opener.open(name, gate, {
    digest: alone !== undefined,
    ...(stored && { onStored: (chunk) => stored.update(chunk) }),
  });
  const cursor = new ByteCursor(plaintext, pacer.ready);
  try {
    for (const file of files) {
      const content = file === alone ? undefined : createHash("sha256");
      for await (const piece of cursor.take(file.size)) {
        content?.update(piece);
        pacer.charge(piece.length);
        progress.bytes(piece.length);
      }
      if (content !== undefined) requireDigest(content.digest("hex"), file);
    }
    await cursor.requireEnd();
  } finally {
    await cursor.close();
  }
  if (alone !== undefined) requireDigest(plaintext.digest(), alone);
  if (plaintext.storedBytes !== object.sealedBytes || stored?.digest("hex") !== object.sha256) {
    throw corrupt("a stored object is not the one that the manifest states");
  }
  progress.item();
}

function requireDigest(sha256: string, file: FileEntry): void {
  if (sha256 !== file.sha256) throw corrupt("the content of a file is not what was backed up");
}
