import { describe, expect, it } from "vitest";
import { HarnessFailure } from "../runner/outcome.js";
import { judgeRevocation } from "./judge-revocation.js";

const measured = { t1: 10_500, limitMs: 3000, measuredBy: "harness" } as const;
const exactly = { earliest: 10_000, latest: 10_000, by: "aws" } as const;
const between = { earliest: 9_000, latest: 10_500, by: "product" } as const;

describe("the promise", () => {
  it("is kept up to its last millisecond, and broken after it", () => {
    expect(judgeRevocation(exactly, { ...measured, t2: 13_000 }).kind).toBe("held");
    expect(judgeRevocation(exactly, { ...measured, t2: 13_001 })).toMatchObject({
      kind: "deviated",
      revocation: { t0: 10_000, t2: 13_001 },
    });
    expect(judgeRevocation(exactly, { ...measured, t2: undefined }).kind).toBe("held");
  });

  it("is judged by the earliest time at which the key can have been disabled", () => {
    expect(judgeRevocation(between, { ...measured, t2: 12_000 })).toMatchObject({ kind: "held", revocation: { t0: 9_000 } });
  });

  it("is called broken only by the latest; between the two nothing is concluded", () => {
    expect(judgeRevocation(between, { ...measured, t2: 13_501 })).toMatchObject({
      kind: "deviated",
      revocation: { t0: 10_500 },
    });
    expect(() => judgeRevocation(between, { ...measured, t2: 12_500 })).toThrow(HarnessFailure);
  });
});
