import { mapAhead } from "./map-ahead.js";

/**
 * Works on `width` items at a time. The first failure, of an item or of `items` itself, aborts the signal that the others were
 * given; it is thrown once all have ended, so that nothing runs on behind the caller's back.
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const siblings = new AbortController();
  const linked = AbortSignal.any([signal, siblings.signal]);
  let first: { readonly error: unknown } | undefined;
  const fail = (error: unknown): never => {
    first ??= { error };
    siblings.abort("shutting-down");
    throw error;
  };
  async function* source(): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      fail(error);
    }
  }
  try {
    for await (const _ of mapAhead(source(), width, (item) => work(item, linked).catch(fail)));
  } catch (error) {
    throw first === undefined ? error : first.error;
  }
}
