/**
 * The browser of this machine, as a test of the console uses it. Where it is missing the tests are left out, and the reason is printed; where
 * EKM_REQUIRE names `chromium`, its absence is a failure.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { expect, it } from "vitest";

const MISSING = "there is no `chromium` on the PATH";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

function chromiumOnPath(): string | undefined {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, "chromium"));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs `define` where there is a browser; else declares one test that says why not. */
export function whenChromium(define: (launch: () => Promise<Browser>) => void): void {
  const executablePath = chromiumOnPath();
  if (executablePath !== undefined) {
    define(() => chromium.launch({ executablePath, args: FLAGS }));
    return;
  }
  it(`is not run here: ${MISSING}`, (test) => {
    const required = (process.env["EKM_REQUIRE"] ?? "").split(",").map((name) => name.trim());
    expect(required, `EKM_REQUIRE names chromium, but ${MISSING}`).not.toContain("chromium");
    console.warn(`chromium: skipped, ${MISSING}`);
    test.skip(MISSING);
  });
}
