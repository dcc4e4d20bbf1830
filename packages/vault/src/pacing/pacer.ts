import type { VaultPorts } from "../api.js";

/** A job looks up this often while it is held back, so that a stop or a closed gate is seen at once and not at the next frame. */
const SLICE_MS = 100;

export interface Pacer {
  /** Resolves when the debt of what was charged has been worked off. Throws what `check` throws. */
  ready(): Promise<void>;
  /** Records bytes that have flowed. */
  charge(bytes: number): void;
}

/**
 * Keeps the average rate at `bytesPerSecond` without bursts: bytes flow first and are paid for by waiting before the next ones,
 * so that nothing waits between the gate's answer and its use. `check` is asked at each look-up. Undefined: no bound.
 */
export function createPacer(
  clock: VaultPorts<unknown>["clock"],
  bytesPerSecond: bigint | undefined,
  signal: AbortSignal,
  check: () => Promise<void>,
): Pacer {
  if (bytesPerSecond === undefined) return { ready: check, charge: () => {} };
  const msPerByte = 1000 / Math.max(1, Number(bytesPerSecond));
  let freeAt = clock.monotonicMs();
  return {
    async ready() {
      await check();
      for (let wait = freeAt - clock.monotonicMs(); wait > 0; wait = freeAt - clock.monotonicMs()) {
        await clock.sleep(Math.min(wait, SLICE_MS), signal);
        await check();
      }
    },
    charge(bytes) {
      freeAt = Math.max(freeAt, clock.monotonicMs()) + bytes * msPerByte;
    },
  };
}
