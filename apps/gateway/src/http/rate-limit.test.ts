import { describe, expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.js";

describe("the rate limit", () => {
  it("allows a minute's worth at once, says when the next is due, and refills evenly", () => {
    let now = 0;
    const limit = createRateLimit(6, () => now);
    expect(Array.from({ length: 6 }, () => limit.take("a"))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(limit.take("a")).toBe(10_000);
    now += 9_999;
    expect(limit.take("a")).toBeGreaterThan(0);
    now += 2;
    expect(limit.take("a")).toBe(0);
    expect(limit.take("a")).toBeGreaterThan(0);
  });

  it("never saves up more than a minute's worth", () => {
    let now = 0;
    const limit = createRateLimit(2, () => now);
    limit.take("a");
    now += 3_600_000;
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 0]);
    expect(limit.take("a")).toBeGreaterThan(0);
  });

  it("takes several at once or none of them, and all there is for more than a minute's worth", () => {
    let now = 0;
    const limit = createRateLimit(6, () => now);
    expect(limit.take("a", 4)).toBe(0);
    expect(limit.take("a", 3)).toBe(10_000);
    expect(limit.take("a", 2)).toBe(0);
    now += 60_000;
    expect(limit.take("a", 100)).toBe(0);
    expect(limit.take("a", 100)).toBe(60_000);
  });

  it("tells how long to wait without taking any", () => {
    const limit = createRateLimit(1, () => 0);
    expect([limit.wait("a"), limit.wait("a"), limit.take("a"), limit.wait("a")]).toEqual([0, 0, 0, 60_000]);
  });

  it("keeps keys apart, and forgets the one that was used longest ago when there are too many", () => {
    const limit = createRateLimit(1, () => 0);
    expect(limit.take("first")).toBe(0);
    for (let n = 0; n < 9_999; n += 1) limit.take(`key-${n}`);
    expect(limit.take("first")).toBeGreaterThan(0);
    limit.take("one too many");
    expect(limit.take("first")).toBeGreaterThan(0);
    expect(limit.take("key-0")).toBe(0);
  });
});
