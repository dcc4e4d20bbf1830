import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemLeaseClock } from "@ekm/crypto-core";
import { systemClock } from "@ekm/ekm";
import { afterAll, describe, expect, it } from "vitest";
import { composeClocks } from "./clock.js";

const directory = mkdtempSync(path.join(tmpdir(), "ekm-clock-"));
afterAll(() => rmSync(directory, { recursive: true }));
const HOUR_MS = 3_600_000;

describe("the worker's clocks", () => {
  it("are the machine's own unless an experiment says otherwise", () => {
    expect(composeClocks(undefined)).toEqual({ clock: systemClock, leaseClock: systemLeaseClock });
  });

  it("follow the file at each look, both wall clocks alike, and no monotonic one", () => {
    const file = path.join(directory, "offset");
    const { clock, leaseClock } = composeClocks(file);
    const isOff = (by: number): void => {
      expect(Math.abs(clock.now().getTime() - Date.now() - by)).toBeLessThan(5_000);
      expect(Math.abs(leaseClock.wallMs() - Date.now() - by)).toBeLessThan(5_000);
      expect(Math.abs(clock.monotonicMs() - performance.now())).toBeLessThan(5_000);
      expect(Math.abs(leaseClock.monotonicMs() - performance.now())).toBeLessThan(5_000);
    };
    isOff(0);
    writeFileSync(file, String(HOUR_MS));
    isOff(HOUR_MS);
    writeFileSync(file, String(-HOUR_MS));
    isOff(-HOUR_MS);
    writeFileSync(file, "no number");
    isOff(0);
  });
});
