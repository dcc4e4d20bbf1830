import { describe, expect, it } from "vitest";
import { faultOf, MAX_VARIABLES_DEPTH, MAX_VARIABLES_VALUES } from "./request-shape.js";

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

describe("a request's parameters", () => {
  it("are an object, whose variables and extensions may be left out", () => {
    for (const good of [{}, { variables: null }, { variables: { id: "a", input: { ids: ["b"] } }, extensions: {} }]) {
      expect(faultOf(good)).toBeNull();
    }
    for (const bad of [null, undefined, "x", 1]) expect(faultOf(bad)).toContain("JSON object");
    expect(faultOf([])).toContain("batches");
  });

  it.each(["variables", "extensions"])("have %s of so many levels and values", (name) => {
    expect(faultOf({ [name]: nested(MAX_VARIABLES_DEPTH) })).toBeNull();
    expect(faultOf({ [name]: nested(MAX_VARIABLES_DEPTH + 2) })).toContain("levels deep");
    expect(faultOf({ [name]: Array.from({ length: MAX_VARIABLES_VALUES }, () => 1) })).toBeNull();
    expect(faultOf({ [name]: Array.from({ length: MAX_VARIABLES_VALUES + 1 }, () => 1) })).toContain("values");
  });

  it("are not walked to their end when they are endless", () => {
    const began = performance.now();
    expect(faultOf({ variables: nested(100_000) })).toContain("levels deep");
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
