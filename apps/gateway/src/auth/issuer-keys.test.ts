import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTHeaderParameters } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createIssuerKeys, KEY_BOUNDS } from "./issuer-keys.js";

const clock = { ms: 0, monotonicMs: () => clock.ms };
const UNUSED = { payload: "", signature: "" };
const named = (kid: string): JWTHeaderParameters => ({ alg: "ES256", kid });

let set: JSONWebKeySet;
beforeAll(async () => {
  set = {
    keys: [{ ...(await exportJWK((await generateKeyPair("ES256", { extractable: true })).publicKey)), kid: "k1", alg: "ES256" }],
  };
});
beforeEach(() => {
  clock.ms = 0;
});

/** An issuer whose answers wait until they are let go. */
function slowIssuer() {
  const waiting: { resolve: (set: JSONWebKeySet) => void; reject: (error: Error) => void }[] = [];
  const troubles: unknown[] = [];
  let reads = 0;
  const load = () => {
    reads += 1;
    return new Promise<JSONWebKeySet>((resolve, reject) => void waiting.push({ resolve, reject }));
  };
  return {
    keys: createIssuerKeys({ load, clock, onTrouble: (error) => troubles.push(error) }),
    troubles,
    reads: () => reads,
    async answer(answer: JSONWebKeySet | Error = set) {
      for (const { resolve, reject } of waiting.splice(0)) answer instanceof Error ? reject(answer) : resolve(answer);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("the issuer's keys", () => {
  it("are read once for all who wait", async () => {
    const { keys, reads, answer } = slowIssuer();
    const all = Promise.all(Array.from({ length: 20 }, () => keys.find(named("k1"), UNUSED)));
    await answer();
    expect(await all).toHaveLength(20);
    expect(reads()).toBe(1);
  });

  it("are read again beside the requests first, and before them when they are too old", async () => {
    const { keys, reads, answer } = slowIssuer();
    const first = keys.find(named("k1"), UNUSED);
    await answer();
    await first;
    clock.ms = KEY_BOUNDS.refreshAfter - 1;
    await keys.find(named("k1"), UNUSED);
    expect(reads()).toBe(1);
    clock.ms = KEY_BOUNDS.refreshAfter;
    await keys.find(named("k1"), UNUSED);
    expect(reads()).toBe(2);
    clock.ms = KEY_BOUNDS.maxAge;
    let served = false;
    const waits = Promise.resolve(keys.find(named("k1"), UNUSED)).then(() => {
      served = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([served, keys.revision()]).toEqual([false, null]);
    await answer();
    await waits;
    expect([reads(), keys.revision()]).toEqual([2, 1]);
  });

  it("that cannot be read keep nobody waiting, are asked for every five seconds, and are complained of once", async () => {
    const { keys, reads, answer, troubles } = slowIssuer();
    const first = keys.find(named("k1"), UNUSED);
    await answer();
    await first;
    clock.ms = KEY_BOUNDS.maxAge;
    const stalled = keys.find(named("k1"), UNUSED);
    await answer(new Error("down"));
    await stalled;
    for (let tries = 0; tries < 10; tries += 1) await keys.find(named("k1"), UNUSED);
    expect([reads(), await keys.state()]).toEqual([2, "STALE"]);
    clock.ms += KEY_BOUNDS.retryAfter;
    for (let tries = 0; tries < 10; tries += 1) await keys.find(named("k1"), UNUSED);
    expect(reads()).toBe(3);
    await answer(new Error("down"));
    expect(troubles).toHaveLength(1);
    clock.ms += KEY_BOUNDS.retryAfter;
    await keys.find(named("k1"), UNUSED);
    await answer();
    expect(await keys.state()).toBe("CURRENT");
  });

  it("have another revision when they change, and none when they are read again unchanged", async () => {
    const { keys, answer } = slowIssuer();
    const state = keys.state();
    await answer();
    await state;
    const before = keys.revision();
    clock.ms = KEY_BOUNDS.refreshAfter;
    expect(keys.revision()).toBe(before);
    await answer({ keys: [...set.keys] });
    expect(keys.revision()).toBe(before);
    clock.ms += KEY_BOUNDS.refreshAfter;
    keys.revision();
    await answer({ keys: [] });
    expect(keys.revision()).not.toBe(before);
    await expect(keys.find(named("k1"), UNUSED)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  });
});
