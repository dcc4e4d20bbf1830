// Invariant: one intention has one effect, however often it is sent; another intention is never taken for it.
import { describe, expect, it } from "vitest";
import { requestFailure } from "../errors/request-failure.js";
import type { Failure, Result } from "../errors/settle.js";
import { createIdempotencyKey, createIntention } from "./intention.js";

const done: Result<string> = { ok: true, data: "done" };
const failed = (failure: Failure): Result<string> => ({ ok: false, errors: [failure] });
const refused = (retryable: boolean) =>
  failed({ kind: "user", code: "KEY_DISABLED", message: "", remedy: "", field: null, retryAfterMs: null, retryable });

/** The keys that are sent for these inputs, when the API answers so. */
async function keysOf(...steps: readonly (readonly [string, Result<string>])[]): Promise<readonly number[]> {
  const keys: string[] = [];
  let answer: Result<string> = done;
  const intention = createIntention<{ reason: string }, string>(async ({ idempotencyKey }) => {
    keys.push(idempotencyKey);
    return answer;
  });
  for (const [reason, result] of steps) {
    answer = result;
    await intention.send({ reason });
  }
  const distinct = [...new Set(keys)];
  return keys.map((key) => distinct.indexOf(key));
}

describe("an intention", () => {
  it.each(["OFFLINE", "TIMED_OUT", "UNAVAILABLE", "INTERNAL", "RATE_LIMITED", "UNKNOWN"] as const)(
    "is sent again under its key after %s",
    async (code) => {
      expect(await keysOf(["a", failed(requestFailure(code, ""))], ["a", done])).toEqual([0, 0]);
    },
  );

  it("is sent again under its key after a refusal that a retry may turn", async () => {
    expect(await keysOf(["a", refused(true)], ["a", refused(true)], ["a", done])).toEqual([0, 0, 0]);
  });

  it("is over once it is done", async () => {
    expect(await keysOf(["a", done], ["a", done])).toEqual([0, 1]);
  });

  it.each(["FORBIDDEN", "BAD_USER_INPUT", "UNAUTHENTICATED"] as const)("is over after %s, which did nothing", async (code) => {
    expect(await keysOf(["a", failed(requestFailure(code, ""))], ["a", done])).toEqual([0, 1]);
  });

  it("is over after a refusal for good: what was in its way may be gone next time", async () => {
    expect(await keysOf(["a", refused(false)], ["a", done])).toEqual([0, 1]);
  });

  it("is another one with another input", async () => {
    expect(await keysOf(["a", refused(true)], ["b", done])).toEqual([0, 1]);
  });

  it("is one while it is under way: pressed twice, it carries one key", async () => {
    const keys: string[] = [];
    const answers: ((result: Result<string>) => void)[] = [];
    const intention = createIntention<{ reason: string }, string>(({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return new Promise((resolve) => void answers.push(resolve));
    });
    const both = [intention.send({ reason: "a" }), intention.send({ reason: "a" })];
    for (const answer of answers) answer(done);
    await Promise.all(both);
    expect(new Set(keys).size).toBe(1);
  });
});

it("a key is 32 hexadecimal digits, and another one each time", () => {
  const keys = Array.from({ length: 100 }, createIdempotencyKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});
