import type { KeyService } from "@ekm/ekm";
import { failureOf } from "../classification/to-failure.js";

export interface ConcurrencyLimits {
  /** Calls in flight for one key. */
  readonly perKey: number;
  /** How long a call waits for its turn before it fails as KMS_UNREACHABLE, in ms. */
  readonly maxWaitMs: number;
}

interface Lane {
  inFlight: number;
  readonly waiting: (() => void)[];
}

/** The same key service with at most `perKey` calls in flight for one key, served in order: a key that hangs holds up only its own. */
export function withConcurrency(inner: KeyService, { perKey, maxWaitMs }: ConcurrencyLimits): KeyService {
  const lanes = new Map<string, Lane>();

  /** False: its turn did not come in time. */
  function enter(id: string): Promise<boolean> {
    const lane = lanes.get(id) ?? { inFlight: 0, waiting: [] };
    lanes.set(id, lane);
    if (lane.inFlight < perKey) {
      lane.inFlight++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        lane.waiting.splice(lane.waiting.indexOf(turn), 1);
        resolve(false);
      }, maxWaitMs);
      lane.waiting.push(turn);
    });
  }

  /** The place passes to the next in line, or becomes free. */
  function leave(id: string): void {
    const lane = lanes.get(id);
    if (lane === undefined) return;
    const next = lane.waiting.shift();
    if (next !== undefined) next();
    else if (--lane.inFlight === 0) lanes.delete(id);
  }

  async function inLane<T>(id: string, work: () => Promise<T>) {
    if (!(await enter(id))) return { ok: false as const, error: failureOf("transient", "KMS_UNREACHABLE", id) };
    try {
      return await work();
    } finally {
      leave(id);
    }
  }

  return {
    generateDataKey: (keyArn, context, accountId) => inLane(keyArn, () => inner.generateDataKey(keyArn, context, accountId)),
    encrypt: (keyArn, plaintext, context) => inLane(keyArn, () => inner.encrypt(keyArn, plaintext, context)),
    decrypt: (keyArn, ciphertext, context, accountId) =>
      inLane(keyArn, () => inner.decrypt(keyArn, ciphertext, context, accountId)),
    reEncrypt: (request) => inLane(request.toKeyArn, () => inner.reEncrypt(request)),
    describeKey: (keyArn, accountId) => inLane(keyArn, () => inner.describeKey(keyArn, accountId)),
  };
}
