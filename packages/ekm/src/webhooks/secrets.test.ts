import { describe, expect, it } from "vitest";
import { createSecretSealer } from "./secret-sealer.js";
import { makeSecret, validSecrets, withSecret } from "./secrets.js";
import type { Webhook } from "./webhook.js";

const HOUR = 3_600_000;
const sealer = createSecretSealer(new Uint8Array(32));
const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * HOUR);
const made = (hours: number) => makeSecret(sealer, "whk_1", at(hours)).secret;
const webhook: Webhook = {
  id: "whk_1",
  accountId: "acc_1",
  url: "https://a.example/",
  createdAt: at(0),
  createdBy: "ada",
  secrets: [made(0)],
};
const agesAt = (subject: Webhook, hours: number) => validSecrets(subject, at(hours)).map(({ createdAt }) => createdAt);

describe("a webhook's secrets", () => {
  it("are 32 random bytes, shown as whsec_ and base64 and stored sealed", () => {
    const { text, secret } = makeSecret(sealer, "whk_1", at(0));
    expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(sealer.open(secret.sealed, "whk_1")).toEqual(Buffer.from(text.slice("whsec_".length), "base64"));
    expect(makeSecret(sealer, "whk_1", at(0)).text).not.toBe(text);
  });

  it("are valid for a day after they were replaced, the newest first", () => {
    const rotated = withSecret(webhook, made(10), false, at(10));
    expect(agesAt(rotated, 10)).toEqual([at(10), at(0)]);
    expect(agesAt(rotated, 33.9)).toEqual([at(10), at(0)]);
    expect(agesAt(rotated, 34)).toEqual([at(10)]);
  });

  it("are not given more time by a further rotation", () => {
    const twice = withSecret(withSecret(webhook, made(10), false, at(10)), made(20), false, at(20));
    expect(agesAt(twice, 33)).toEqual([at(20), at(10), at(0)]);
    expect(agesAt(twice, 35)).toEqual([at(20), at(10)]);
    expect(agesAt(twice, 45)).toEqual([at(20)]);
  });

  it("are three at most: a further rotation ends the oldest", () => {
    let many = webhook;
    for (const hours of [1, 2, 3, 4]) many = withSecret(many, made(hours), false, at(hours));
    expect(many.secrets.map(({ createdAt }) => createdAt)).toEqual([at(4), at(3), at(2)]);
  });

  it("end at once when they are to", () => {
    expect(agesAt(withSecret(webhook, made(10), true, at(10)), 10)).toEqual([at(10)]);
  });
});
