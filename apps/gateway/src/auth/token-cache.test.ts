import { beforeEach, describe, expect, it } from "vitest";
import { cacheTokens } from "./token-cache.js";
import type { Verified } from "./verify-token.js";

const START = Date.UTC(2026, 0, 1);
const clock = { ms: 0, now: () => new Date(START + clock.ms), monotonicMs: () => clock.ms };
const goodFor = (seconds: number): Verified => ({
  caller: { subject: "ada", roles: ["ACCOUNT_ADMIN"], accountId: "acc_1" },
  expiresAt: new Date(START + clock.ms + seconds * 1000),
});

/** `answer` decides about a token now; `asked` are those that were verified. */
function cached() {
  const state = { answer: goodFor(600) as Verified | null, revision: 1 as number | null, asked: [] as string[] };
  const verify = async (token: string) => {
    state.asked.push(token);
    return state.answer;
  };
  return Object.assign(state, { cache: cacheTokens({ verify, revision: () => state.revision, clock }) });
}

beforeEach(() => {
  clock.ms = 0;
});

describe("verified tokens", () => {
  it("are not verified again within a minute, and are after it", async () => {
    const tokens = cached();
    const first = await tokens.cache("a");
    clock.ms = 59_999;
    expect(await tokens.cache("a")).toEqual(first);
    expect(tokens.asked).toEqual(["a"]);
    clock.ms = 60_000;
    tokens.answer = null;
    expect(await tokens.cache("a")).toBeNull();
  });

  it("never outlive the token", async () => {
    const tokens = cached();
    tokens.answer = goodFor(10);
    await tokens.cache("a");
    tokens.answer = null;
    clock.ms = 9_999;
    expect(await tokens.cache("a")).not.toBeNull();
    clock.ms = 10_000;
    expect(await tokens.cache("a")).toBeNull();
  });

  it("are forgotten when the issuer's keys change", async () => {
    const tokens = cached();
    await tokens.cache("a");
    tokens.revision = 2;
    tokens.answer = null;
    expect(await tokens.cache("a")).toBeNull();
  });

  it("are verified each time while no keys may serve", async () => {
    const tokens = cached();
    await tokens.cache("a");
    tokens.revision = null;
    tokens.answer = null;
    expect(await tokens.cache("a")).toBeNull();
    tokens.answer = goodFor(600);
    await tokens.cache("a");
    expect(await tokens.cache("a")).not.toBeNull();
    expect(tokens.asked).toEqual(["a", "a", "a", "a"]);
  });

  it("are not kept when the keys changed while they were verified", async () => {
    let release = (_verified: Verified | null) => {};
    const asked: string[] = [];
    let revision = 1;
    const cache = cacheTokens({
      verify: (token) => {
        asked.push(token);
        return new Promise((resolve) => {
          release = resolve;
        });
      },
      revision: () => revision,
      clock,
    });
    const first = cache("a");
    revision = 2;
    release(goodFor(600));
    await first;
    const second = cache("a");
    release(null);
    expect(await second).toBeNull();
    expect(asked).toEqual(["a", "a"]);
  });

  it("are told apart, and a refusal is not remembered", async () => {
    const tokens = cached();
    await tokens.cache("a");
    tokens.answer = null;
    expect(await tokens.cache("b")).toBeNull();
    tokens.answer = goodFor(600);
    expect(await tokens.cache("b")).not.toBeNull();
    expect(tokens.asked).toEqual(["a", "b", "b"]);
  });

  it("are at most ten thousand: the first gives way", async () => {
    const tokens = cached();
    for (let n = 0; n <= 10_000; n += 1) await tokens.cache(`token-${n}`);
    tokens.asked = [];
    for (const n of [10_000, 1, 0]) await tokens.cache(`token-${n}`);
    expect(tokens.asked).toEqual(["token-0"]);
  });

  it("are still ours to fail on: what verifying throws is thrown, each time", async () => {
    const cache = cacheTokens({ verify: () => Promise.reject(new Error("issuer down")), revision: () => 1, clock });
    await expect(cache("a")).rejects.toThrow("issuer down");
    await expect(cache("a")).rejects.toThrow("issuer down");
  });
});
