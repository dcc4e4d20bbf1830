/**
 * Tests that need something that is not in this repository: a LocalStack, a Python client. Where it is missing they are left
 * out, and the reason is printed; where EKM_REQUIRE names the thing (`localstack,boto3`), its absence is a failure.
 */
import { expect, it } from "vitest";

const required = (process.env["EKM_REQUIRE"] ?? "").split(",").map((name) => name.trim());

/** Runs `define` where `available` has a value; else declares one test, that says why not and passes only if it may. */
export function whenAvailable<T>(name: string, available: T | undefined, reason: string, define: (value: T) => void): void {
  if (available !== undefined) {
    define(available);
    return;
  }
  it(`is not run here: ${reason}`, () => {
    console.warn(`${name}: not run, ${reason}`);
    expect(required, `EKM_REQUIRE names ${name}, but ${reason}`).not.toContain(name);
  });
}
