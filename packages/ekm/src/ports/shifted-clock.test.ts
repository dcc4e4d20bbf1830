import { expect, it } from "vitest";
import type { Clock } from "./clock.js";
import { shiftedClock } from "./shifted-clock.js";

it("a shifted clock moves the wall clock alone, as far as is said at each look", async () => {
  let slept = 0;
  const machine: Clock = {
    now: () => new Date(1_000_000),
    monotonicMs: () => 42,
    sleep: async (ms) => {
      slept += ms;
    },
  };
  let offset = 0;
  const clock = shiftedClock(machine, () => offset);
  expect(clock.now().getTime()).toBe(1_000_000);
  offset = 3_600_000;
  expect(clock.now().getTime()).toBe(4_600_000);
  offset = -500_000;
  expect(clock.now().getTime()).toBe(500_000);
  expect(clock.monotonicMs()).toBe(42);
  await clock.sleep(7);
  expect(slept).toBe(7);
});
