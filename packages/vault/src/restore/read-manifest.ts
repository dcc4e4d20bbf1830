import { createHash } from "node:crypto";
import type { FrameGate } from "@ekm/crypto-core";
import type { RestoreRequest } from "../api.js";
import { corrupt, VaultError } from "../faults/vault-error.js";
import { attemptOfManifest } from "../format/names.js";
import { decodeManifest } from "../manifest/decode-manifest.js";
import { isReadableVersion, type Manifest } from "../manifest/manifest.js";
import type { Opener } from "./opener.js";

/**
 * Opens, decodes and checks the manifest that the backup's row names: its digest shows a replaced or rolled-back one, its
 * header that it speaks of this backup. Throws VaultError(BACKUP_CORRUPT; BACKUP_NOT_RESTORABLE for an unknown version).
 */
export async function readManifest(
  request: Pick<RestoreRequest, "accountId" | "backupId" | "generation" | "manifest">,
  opener: Opener,
  gate: FrameGate,
): Promise<Manifest> {
  const { objectName, digest, version } = request.manifest;
  if (!isReadableVersion(version))
    throw new VaultError("BACKUP_NOT_RESTORABLE", `manifests of version ${version} cannot be read`);
  const attempt = attemptOfManifest(request, objectName);
  if (attempt === null) throw corrupt("the manifest's name is not one of this backup");
  const stored = createHash("sha256");
  const manifest = await decodeManifest(opener.open(objectName, gate, { onStored: (chunk) => stored.update(chunk) }), version);
  if (stored.digest("hex") !== digest) throw corrupt("the manifest is not the one that was recorded");
  const { header } = manifest;
  const expected = { accountId: request.accountId, backupId: request.backupId, attempt, generation: request.generation };
  if (
    header.accountId !== expected.accountId ||
    header.backupId !== expected.backupId ||
    header.attempt !== expected.attempt ||
    header.generation !== expected.generation
  ) {
    throw corrupt("the manifest speaks of another backup");
  }
  return manifest;
}
