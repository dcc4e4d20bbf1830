import { describe, expect, it } from "vitest";
import { MAX_ATTEMPTS, pauseAfter } from "./retry-schedule.js";

const never = () => 0;
const most = () => 1;
const HOUR = 3_600_000;

describe("the schedule of attempts", () => {
  it("is the one that Standard Webhooks suggests, over 75 hours and 35 minutes", () => {
    const pauses = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, at) => pauseAfter(at + 1, 0, never) ?? Number.NaN);
    expect(pauses.map((pause) => pause / 1000)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBe((75 * 3600 + 35 * 60 + 5) * 1000);
    expect(pauseAfter(MAX_ATTEMPTS, 0, never)).toBeNull();
  });

  it("spreads by up to a fifth, and only later", () => {
    expect(pauseAfter(1, 0, most)).toBe(6_000);
    for (let n = 0; n < 100; n += 1) {
      const pause = pauseAfter(2) ?? 0;
      expect(pause).toBeGreaterThanOrEqual(300_000);
      expect(pause).toBeLessThanOrEqual(360_000);
    }
  });

  it("waits as long as the receiver asks, up to a day, and never shorter than planned", () => {
    expect(pauseAfter(1, 120_000, never)).toBe(120_000);
    expect(pauseAfter(2, 1_000, never)).toBe(300_000);
    expect(pauseAfter(1, 1000 * HOUR, never)).toBe(24 * HOUR);
    expect(pauseAfter(MAX_ATTEMPTS, 1000, never)).toBeNull();
  });
});
