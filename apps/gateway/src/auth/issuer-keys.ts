import type { Clock } from "@ekm/ekm";
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import type { LoadKeys } from "./load-keys.js";

/**
 * Milliseconds. A retired key is refused after `maxAge` at the latest, while the issuer answers; when it does not, the keys that are held
 * serve until `maxStale`, and then none does.
 */
export const KEY_BOUNDS = {
  /** Age at which the keys are read again, beside the requests. */
  refreshAfter: 4 * 60_000,
  /** Age at which a request waits for them to be read. */
  maxAge: 5 * 60_000,
  /** Age at which they serve no longer, whatever the issuer does. */
  maxStale: 60 * 60_000,
  /** Between readings because a token named a key that is not held: whoever makes up key ids makes no traffic at the issuer. */
  cooldown: 30_000,
  /** Between readings after one that failed. */
  retryAfter: 5_000,
} as const;

export type KeyState = "CURRENT" | "STALE" | "NONE";

export interface IssuerKeys {
  /** The key that a token names. Throws jose's JWKSNoMatchingKey for one that there is not, IssuerUnreachable when none may serve. */
  readonly find: JWTVerifyGetKey;
  /** Grows with every change of the key set; null while a request must wait for the keys, or none may serve. Has them read where they are due. */
  revision(): number | null;
  /** Reads them where they are due, as a request does. */
  state(): Promise<KeyState>;
}

export class IssuerUnreachable extends Error {
  override readonly name = "IssuerUnreachable";
}

export interface IssuerKeysOptions {
  readonly load: LoadKeys;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Told of a reading that failed: once, until one succeeds. */
  readonly onTrouble?: (error: unknown) => void;
}

interface Held {
  readonly find: JWTVerifyGetKey;
  readonly text: string;
  readonly readAt: number;
}

/**
 * The issuer's keys as they were read last, one reading at a time. jose's remote key set would answer nothing while the issuer is down
 * and its set is old, and takes no clock.
 */
export function createIssuerKeys({ load, clock, onTrouble = () => {} }: IssuerKeysOptions): IssuerKeys {
  let held: Held | null = null;
  let revision = 0;
  let failing = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const age = () => (held === null ? Number.POSITIVE_INFINITY : clock.monotonicMs() - held.readAt);
  const sinceTried = () => clock.monotonicMs() - triedAt;

  function read(): Promise<void> {
    triedAt = clock.monotonicMs();
    reading ??= readNow(triedAt).finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readNow(readAt: number): Promise<void> {
    try {
      const set = await load();
      const text = JSON.stringify(set);
      if (text !== held?.text) revision += 1;
      held = { find: createLocalJWKSet(set), text, readAt };
      failing = false;
    } catch (error) {
      if (!failing) onTrouble(error);
      failing = true;
    }
  }

  /** Undefined: nothing is due, or it was tried just now. */
  function readWhenDue(): Promise<void> | undefined {
    if (age() < KEY_BOUNDS.refreshAfter) return undefined;
    return reading ?? (!failing || sinceTried() >= KEY_BOUNDS.retryAfter ? read() : undefined);
  }

  /** Once the issuer is known to be down, the keys that are held serve without waiting for it. */
  const mustWait = () => age() >= KEY_BOUNDS.maxStale || (age() >= KEY_BOUNDS.maxAge && !failing);

  async function usable(): Promise<Held> {
    const due = readWhenDue();
    if (mustWait()) await due;
    if (held === null || age() >= KEY_BOUNDS.maxStale) throw new IssuerUnreachable("the issuer's keys cannot be read");
    return held;
  }

  return {
    async find(header, token) {
      const { find } = await usable();
      try {
        return await find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (reading === undefined && sinceTried() < KEY_BOUNDS.cooldown) throw error;
        await (reading ?? read());
        return (await usable()).find(header, token);
      }
    },
    revision() {
      void readWhenDue();
      return mustWait() ? null : revision;
    },
    async state() {
      try {
        await usable();
        return age() >= KEY_BOUNDS.maxAge ? "STALE" : "CURRENT";
      } catch {
        return "NONE";
      }
    },
  };
}
