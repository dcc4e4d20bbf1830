// Invariant: what we sign, the libraries of Standard Webhooks verify; what was changed on the way, they refuse. The oracle is the
// package `standardwebhooks`.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { signedHeaders } from "./sign.js";

const oracleFor = (secret: Uint8Array) => new Webhook(`whsec_${Buffer.from(secret).toString("base64")}`);

describe("signed headers", () => {
  it("match the specification's own example", () => {
    const key = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
    const headers = signedHeaders(
      { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: new Date(1_614_265_330_000), body: '{"test": 2432232314}' },
      [key],
    );
    expect(headers).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("verify, whatever the body and the secret", () => {
    const secret = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(secret, fc.json(), fc.stringMatching(/^evt_[0-9A-Z]{26}_[1-9][0-9]{0,9}$/), (key, body, id) => {
        const headers = signedHeaders({ id, at: new Date(), body }, [key]);
        expect(oracleFor(key).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });

  it("verify with each of several secrets, and with no other", () => {
    const [next, former, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const headers = signedHeaders({ id: "evt_1", at: new Date(), body: "{}" }, [next, former]);
    expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    for (const secret of [next, former]) expect(oracleFor(secret).verify("{}", headers)).toEqual({});
    expect(() => oracleFor(other).verify("{}", headers)).toThrow(WebhookVerificationError);
  });

  it("refuse what was changed: the body, the id, the time, the signature", () => {
    const secret = randomBytes(32);
    const body = '{"type":"ekm.enabled"}';
    const headers = signedHeaders({ id: "evt_1", at: new Date(), body }, [secret]);
    const oracle = oracleFor(secret);
    expect(oracle.verify(body, { ...headers })).toEqual({ type: "ekm.enabled" });
    const later = String(Number(headers["webhook-timestamp"]) + 1);
    for (const [text, changed] of [
      [`${body} `, headers],
      [body, { ...headers, "webhook-id": "evt_2" }],
      [body, { ...headers, "webhook-timestamp": later }],
      [body, { ...headers, "webhook-signature": "v1,AAAA" }],
    ] as const) {
      expect(() => oracle.verify(text, changed)).toThrow(WebhookVerificationError);
    }
  });
});
