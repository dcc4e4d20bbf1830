import type { KmsOutcome } from "../ports/key-service.js";
import type { Ports } from "../ports/ports.js";
import { StoreError } from "../ports/store.js";
import type { KmsIntent } from "./intent.js";

/** What a piece of work with KMS came to, and the requests that it took: kept with its intent. */
export interface Traced<T> {
  readonly value: T;
  readonly done: boolean;
  readonly awsRequestIds: readonly string[];
}

/** The trace of a single call. */
export function traced<T>(outcome: KmsOutcome<T>): Traced<KmsOutcome<T>> {
  const id = outcome.ok ? outcome.awsRequestId : outcome.error.awsRequestId;
  return { value: outcome, done: outcome.ok, awsRequestIds: id === undefined ? [] : [id] };
}

/**
 * Does work that asks KMS for an effect, with a row before it and its outcome after it. Work that throws, or a process that
 * dies, leaves the row unfinished: the trace of what may have happened in AWS. Never within a transaction.
 */
export async function withIntent<T>(
  { store, clock, ids }: Pick<Ports, "store" | "clock" | "ids">,
  intent: Pick<KmsIntent, "accountId" | "purpose" | "keyArn">,
  work: () => Promise<Traced<T>>,
): Promise<T> {
  const id = ids.next("int");
  await store.transaction((tx) => tx.intents.insert({ ...intent, id, at: clock.now(), awsRequestIds: [] }));
  const { value, done, awsRequestIds } = await work();
  const outcome = done ? "DONE" : "FAILED";
  // The effect stands whether or not its trace can be closed now.
  await store.transaction((tx) => tx.intents.finish(id, clock.now(), outcome, awsRequestIds)).catch(ignoreStoreError);
  return value;
}

function ignoreStoreError(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
