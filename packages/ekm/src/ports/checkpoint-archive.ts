/**
 * Where signed checkpoints are kept outside the database: documents are added, and never replaced or removed, so that a store
 * with an object lock can hold it. Throws when it cannot do its work; what was answered is on disk.
 */
export interface CheckpointArchive {
  /** present: exactly this is there already. other: another document has this name; nothing was written. */
  add(name: string, document: string): Promise<"added" | "present" | "other">;
}
