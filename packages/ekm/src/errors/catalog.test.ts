import { describe, expect, it } from "vitest";
import { ERROR_CATALOG, problem, rejection } from "./catalog.js";
import { ERROR_CODES } from "./codes.js";

describe("the error catalogue", () => {
  it("has an entry for every code and no other", () => {
    expect(Object.keys(ERROR_CATALOG).sort()).toEqual([...ERROR_CODES].sort());
  });

  it.each(ERROR_CODES)("%s has whole sentences", (code) => {
    const { meaning, remedy } = ERROR_CATALOG[code];
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });

  it("never blames the customer for our own fault", () => {
    expect(ERROR_CATALOG.VENDOR_AWS_FAULT.meaning).toContain("on our side");
    expect(ERROR_CATALOG.VENDOR_AWS_FAULT.remedy).toContain("Nothing to do on your side");
  });

  it("claims no cause for a denial, since AWS names none", () => {
    expect(ERROR_CATALOG.KEY_ACCESS_DENIED.meaning).toContain("does not say why");
  });

  it("fills a rejection and a problem in, and lets them be more precise", () => {
    expect(rejection("KEY_UNCHANGED")).toEqual({ code: "KEY_UNCHANGED", message: ERROR_CATALOG.KEY_UNCHANGED.meaning });
    expect(rejection("INPUT_INVALID", "Too long.", ["input", "name"])).toEqual({
      code: "INPUT_INVALID",
      message: "Too long.",
      field: ["input", "name"],
    });
    expect(problem("KEY_DISABLED", { keyArn: "arn" })).toEqual({
      code: "KEY_DISABLED",
      message: ERROR_CATALOG.KEY_DISABLED.meaning,
      possibleCauses: [],
      keyArn: "arn",
    });
  });
});
