import type { CheckpointArchive } from "../src/ports/checkpoint-archive.js";

export interface MemoryArchive extends CheckpointArchive {
  /** By name. */
  readonly documents: Map<string, string>;
}

/** The CheckpointArchive port in memory. */
export function createMemoryArchive(): MemoryArchive {
  const documents = new Map<string, string>();
  return {
    documents,
    async add(name, document) {
      const there = documents.get(name);
      if (there !== undefined) return there === document ? "present" : "other";
      documents.set(name, document);
      return "added";
    },
  };
}
