import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, it } from "vitest";

const MISSING = "there is no chromium on the PATH";
const OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];

export interface Chromium {
  readonly executablePath: string;
  readonly args: readonly string[];
}

/**
 * Runs `define` where Chromium is installed; else declares one test that says why not. Where EKM_REQUIRE names `chromium`, its
 * absence is a failure.
 */
export function whenChromium(define: (chromium: Chromium) => void): void {
  const executablePath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "chromium"))
    .find(isExecutable);
  if (executablePath !== undefined) {
    define({ executablePath, args: OPTIONS });
    return;
  }
  it(`is not run here: ${MISSING}`, (test) => {
    const required = (process.env["EKM_REQUIRE"] ?? "").split(",").map((name) => name.trim());
    expect(required, `EKM_REQUIRE names chromium, but ${MISSING}`).not.toContain("chromium");
    console.warn(`panel: skipped, ${MISSING}`);
    test.skip(MISSING);
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
