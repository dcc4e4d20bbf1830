import { describe, expect, it } from "vitest";
import { systemLeaseClock } from "./system-clock.js";

describe("system lease clock", () => {
  it("sleeps at least about as long as asked", async () => {
    const start = systemLeaseClock.monotonicMs();
    // The clock does not keep a process alive, so something else must while this waits.
    const alive = setInterval(() => undefined, 1000);
    await systemLeaseClock.sleep(20);
    clearInterval(alive);
    expect(systemLeaseClock.monotonicMs() - start).toBeGreaterThanOrEqual(18);
  });

  it("wakes at once on abort, before and during the sleep", async () => {
    const controller = new AbortController();
    const sleeping = systemLeaseClock.sleep(3_600_000, controller.signal);
    controller.abort();
    await sleeping;
    await systemLeaseClock.sleep(3_600_000, controller.signal);
  });

  it("does not keep a process alive", async () => {
    const before = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const controller = new AbortController();
    const sleeping = systemLeaseClock.sleep(3_600_000, controller.signal);
    expect(process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length).toBe(before);
    controller.abort();
    await sleeping;
  });

  it("tells the time of day", () => {
    expect(Math.abs(systemLeaseClock.wallMs() - Date.now())).toBeLessThan(1000);
  });
});
