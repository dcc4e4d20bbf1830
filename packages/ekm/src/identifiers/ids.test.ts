import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIds, ID_PREFIXES, prefixOf } from "./ids.js";

const at = (ms: number) => ({ now: () => new Date(ms) });

describe("ids", () => {
  it("are a prefix and 26 characters, the time first", () => {
    const ids = createIds(at(0), () => new Uint8Array(10));
    expect(ids.next("acc")).toBe("acc_00000000000000000000000000");
    const later = createIds(at(2 ** 48 - 1), () => new Uint8Array(10).fill(255));
    expect(later.next("aud")).toBe("aud_7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  });

  it("ascend strictly, whatever the clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 42 }), { minLength: 2, maxLength: 50 }), (times) => {
        let now = 0;
        const ids = createIds({ now: () => new Date(now) });
        const made = times.map((time) => {
          now = time;
          return ids.next("job");
        });
        expect(made).toEqual([...new Set(made)].sort());
      }),
    );
  });

  it("carry from the random bits into the time rather than repeat", () => {
    const ids = createIds(at(1000), () => new Uint8Array(10).fill(255));
    const first = ids.next("bkp");
    expect(ids.next("bkp") > first).toBe(true);
  });

  it("tell their kind, and only their own", () => {
    const ids = createIds(at(Date.UTC(2026, 0, 1)));
    for (const prefix of ID_PREFIXES) expect(prefixOf(ids.next(prefix))).toBe(prefix);
    for (const text of [
      "",
      "acc_",
      "acc_8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
      "acc_0000000000000000000000000I",
      "xyz_00000000000000000000000000",
    ]) {
      expect(prefixOf(text)).toBeNull();
    }
  });
});
