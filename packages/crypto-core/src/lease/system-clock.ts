import type { LeaseClock } from "./api.js";

/** The process's clocks. Its timers do not keep the process alive. The monotonic clock may stand still while a machine sleeps. */
export const systemLeaseClock: LeaseClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms).unref();
      signal?.addEventListener("abort", wake);
    }),
};
