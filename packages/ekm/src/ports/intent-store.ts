import type { KmsIntent } from "../intents/intent.js";

export interface IntentRepository {
  insert(intent: KmsIntent): Promise<void>;
  /** Writes outcome, time and request ids of an unfinished intent; one that is finished stays as it is. */
  finish(id: string, at: Date, outcome: "DONE" | "FAILED", awsRequestIds: readonly string[]): Promise<void>;
  /** Unfinished ones begun before then, oldest first: what may have happened in AWS without our knowing. */
  unfinished(before: Date, limit: number): Promise<readonly KmsIntent[]>;
}
