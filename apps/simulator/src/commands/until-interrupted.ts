/** Aborts at the first SIGINT or SIGTERM, so that what runs can be undone; a second one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    // 130 is what shells expect of a program that SIGINT ended.
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
