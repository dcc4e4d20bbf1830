/**
 * Runs `work` over `items` with at most `width` in flight and yields the results in the order of the items. When it is left
 * early or one fails, nothing new is started and what is in flight has ended before the generator does.
 */
export async function* mapAhead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const inFlight: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const running = work(item);
      running.catch(() => {}); // seen when its turn comes, or after an earlier failure
      inFlight.push(running);
      if (inFlight.length >= width) yield await (inFlight.shift() as Promise<R>);
    }
    for (let next = inFlight.shift(); next !== undefined; next = inFlight.shift()) yield await next;
  } finally {
    await Promise.allSettled(inFlight);
  }
}
