import DataLoader from "dataloader";

/** Far below what SQLite takes in one statement; a page of accounts is 100. */
const MOST_AT_ONCE = 500;

/**
 * One statement for all that is asked at once, by one request or by many: what is asked while a statement of this kind is under way waits
 * for the next, and none is answered from before it was asked. Nothing is remembered. `read` answers in the order of its keys.
 */
export function together<K, V>(read: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  const waiting: (() => void)[] = [];
  let running = 0;
  const loader = new DataLoader<K, V>(
    async (keys) => {
      running += 1;
      try {
        return await read(keys);
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
    {
      cache: false,
      maxBatchSize: MOST_AT_ONCE,
      batchScheduleFn: (dispatch) => void (running === 0 ? setImmediate(dispatch) : waiting.push(dispatch)),
    },
  );
  return (key) => loader.load(key);
}
