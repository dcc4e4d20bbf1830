import type { VaultPorts } from "../src/api.js";

/** Real time. */
export const realClock: VaultPorts<unknown>["clock"] = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener("abort", end);
      if (signal?.aborted) end();
    }),
};

/** Time that passes only while somebody sleeps. */
export function createFakeClock(): VaultPorts<unknown>["clock"] & { readonly elapsedMs: number } {
  let ms = 0;
  return {
    now: () => new Date(1_700_000_000_000 + ms),
    monotonicMs: () => ms,
    sleep: async (wait) => {
      ms += wait;
      await new Promise((resolve) => setImmediate(resolve));
    },
    get elapsedMs() {
      return ms;
    },
  };
}
