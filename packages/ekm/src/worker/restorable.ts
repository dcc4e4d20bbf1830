import type { Backup, ManifestRef } from "../jobs/job.js";

/** A backup whose objects can be reached. */
export type Restorable = Backup & { readonly manifest: ManifestRef; readonly generation: number };

/** The backup as one of this account's that can be read; null otherwise. */
export function restorable(backup: Backup | null, accountId: string): Restorable | null {
  if (backup?.accountId !== accountId || backup.status !== "SUCCEEDED") return null;
  const { manifest, generation } = backup;
  return manifest === undefined || generation === undefined ? null : { ...backup, manifest, generation };
}
