import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.js";
import { parseMoment, parseSpan, spanMs } from "./moment.js";
import { formatSize, parsePercent, parseSize } from "./size.js";

describe("durations, sizes and percentages", () => {
  it.each([
    ["250ms", 250],
    ["5s", 5000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
  ])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));
  it.each(["5", "s", "-1s", "5 s", "5S", "1e3s", ""])("%j is no duration", (text) => expect(parseDuration(text)).toBeUndefined());

  it.each([
    ["500KB", 500_000],
    ["20MB", 20_000_000],
    ["1.5GiB", 1_610_612_736],
    ["7B", 7],
  ])("%s is %d bytes", (text, bytes) => expect(parseSize(text)).toBe(bytes));
  it.each(["20", "20mb", "20 MB", "-1MB"])("%j is no size", (text) => expect(parseSize(text)).toBeUndefined());

  it("reads percentages from 0 to 100", () => {
    expect(["0%", "25%", "12.5%", "100%", "101%", "25"].map(parsePercent)).toEqual([0, 0.25, 0.125, 1, undefined, undefined]);
  });

  it("writes them for people", () => {
    expect([200, 2140, 185_000].map(formatDuration)).toEqual(["200 ms", "2.1 s", "3 min 5 s"]);
    expect([999, 20_000_000, 1.5e9].map(formatSize)).toEqual(["999 B", "20.0 MB", "1.50 GB"]);
  });
});

describe("spans and moments", () => {
  const settings = { leaseMs: 2000, healthIntervalMs: 7000 };
  it.each([
    ["revocation-window", 3000],
    ["lease + 500ms", 2500],
    ["health-interval", 7000],
    ["1s + 250ms", 1250],
  ])("%s is %d ms at a lease of 2 s and a health interval of 7 s", (text, ms) => {
    const span = parseSpan(text);
    expect(span && spanMs(span, settings)).toBe(ms);
  });
  it("reads a label only at the front", () => {
    expect(parseMoment("off + revocation-window")).toEqual({ label: "off", plus: { ms: 0, named: ["revocation-window"] } });
    expect(parseMoment("2s + off")).toBeUndefined();
    expect(parseSpan("off + 2s")).toBeUndefined();
  });
});
