import { describe, expect, it } from "vitest";
import { FakeClock } from "../../testing/fake-clock.js";
import { LeaseTerm } from "./term.js";

describe("lease term", () => {
  const begin = (): { clock: FakeClock; term: LeaseTerm } => {
    const clock = new FakeClock();
    return { clock, term: new LeaseTerm(clock, 1000) };
  };

  it("has passed when its duration has, not a moment before", () => {
    const { clock, term } = begin();
    clock.stall(999);
    expect(term.hasPassed()).toBe(false);
    expect(term.remainingMs()).toBe(1);
    clock.stall(1);
    expect(term.hasPassed()).toBe(true);
    expect(term.remainingMs()).toBe(0);
  });

  it("ages by a wall clock that is set forward", () => {
    const { clock, term } = begin();
    clock.jumpWall(1000);
    expect(term.hasPassed()).toBe(true);
  });

  it("gains nothing from a wall clock that is set back", () => {
    const { clock, term } = begin();
    clock.stall(600);
    clock.jumpWall(-3_600_000);
    expect(term.ageMs()).toBe(600);
    clock.stall(400);
    expect(term.hasPassed()).toBe(true);
  });

  it("counts wall time after a step back, when the monotonic clock stood still (a machine that slept)", () => {
    const { clock, term } = begin();
    clock.jumpWall(-3_600_000);
    expect(term.hasPassed()).toBe(false);
    clock.jumpWall(1000);
    expect(term.hasPassed()).toBe(true);
  });

  it("never un-passes", () => {
    const { clock, term } = begin();
    clock.jumpWall(1000);
    expect(term.hasPassed()).toBe(true);
    clock.jumpWall(-1000);
    expect(term.hasPassed()).toBe(true);
  });
});
