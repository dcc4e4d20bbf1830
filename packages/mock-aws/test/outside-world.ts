/**
 * Tests that need something that is not in this repository: a LocalStack, a Python client. Where it is missing they are left
 * out, and the reason is printed; where EKM_REQUIRE names the thing (`localstack,boto3`), its absence is a failure.
 */
import { expect, it } from "vitest";

const required = (process.env["EKM_REQUIRE"] ?? "").split(",").map((name) => name.trim());

/** Runs `define` where `available` has a value; else declares one test that is skipped with the reason, or fails where EKM_REQUIRE forbids that. */
export function whenAvailable<T>(name: string, available: T | undefined, reason: string, define: (value: T) => void): void {
  if (available !== undefined) {
    define(available);
    return;
  }
  it(`is not run here: ${reason}`, (test) => {
    expect(required, `EKM_REQUIRE names ${name}, but ${reason}`).not.toContain(name);
    console.warn(`${name}: skipped, ${reason}`);
    test.skip(reason);
  });
}
