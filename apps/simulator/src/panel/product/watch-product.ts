import { ProductUnreachable } from "../../product/graphql.js";
import { lookAt, type ProductDoor, type Seen } from "./look.js";

const EVERY_MS = 2_000;
/** Accounts that are asked for at a time. */
const LANES = 4;
const MOST_ACCOUNTS = 50;

export interface ProductWatch {
  readonly seen: readonly Seen[];
  /** Why nothing can be seen at the moment. */
  readonly error: string | null;
  /** Looks now; whoever asks while one is on the way waits for the one after it. */
  look(): Promise<void>;
  close(): void;
}

/** Looks every two seconds while somebody wants to know, and tells when something is another than before. */
export function watchProduct(door: ProductDoor, isWanted: () => boolean, told: () => void): ProductWatch {
  let seen: readonly Seen[] = [];
  let error: string | null = null;
  let text = "";
  let running: Promise<void> = Promise.resolve();

  async function lookAtAll(): Promise<readonly Seen[]> {
    const ids = (await door.accountIds()).slice(0, MOST_ACCOUNTS);
    const found: Seen[] = [];
    const waiting = [...ids.entries()];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) found[next[0]] = await lookAt(door, next[1]);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return found;
  }
  const once = async (): Promise<void> => {
    try {
      seen = await lookAtAll();
      error = null;
    } catch (thrown) {
      // What was seen last stays: it says which account uses which key.
      if (!(thrown instanceof ProductUnreachable)) throw thrown;
      error = thrown.message;
    }
    const now = JSON.stringify([seen, error]);
    if (now === text) return;
    text = now;
    told();
  };
  const look = (): Promise<void> => {
    const looked = running.then(once);
    running = looked.catch(() => {});
    return looked;
  };
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    timer = setTimeout(() => {
      if (isWanted()) void look().catch(console.error).finally(again);
      else again();
    }, EVERY_MS);
    timer.unref();
  };
  again();
  return {
    get seen() {
      return seen;
    },
    get error() {
      return error;
    },
    look,
    close: () => clearTimeout(timer),
  };
}
