// Invariant: a message that was noted is delivered at least once, under one id and byte for byte the same, whoever dies on the way; it is
// tried as the schedule says; and no receiver holds up another's.
import { beforeEach, describe, expect, it } from "vitest";
import type { Account, SendResult, WebhookDelivery } from "../src/index.js";
import { createSecretSealer, createWorkerUseCases, deliverWebhook } from "../src/index.js";
import { tenantCaller } from "../testing/index.js";
import { must, type WebhookScenario, webhookScenario } from "./support/webhooks.js";

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const status = (statusCode: number, retryAfterMs?: number): SendResult => ({
  kind: "answered",
  statusCode,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const REFUSED: SendResult = { kind: "failed", error: "The connection was refused." };

let world: WebhookScenario;
let account: Account;
let webhookId: string;
beforeEach(async () => {
  world = webhookScenario();
  account = await world.scenario.createActivated();
  webhookId = (await world.create(account)).id;
});
const admin = () => tenantCaller(account);

/** Two things that happen to the account. */
async function happen(): Promise<WebhookDelivery> {
  const first = await one();
  await must(world.useCases.unlockAccountKeys(admin(), { reason: "drill over" }));
  return first;
}
/** One delivery alone. */
async function one(): Promise<WebhookDelivery> {
  await must(world.useCases.lockAccountKeys(admin(), { reason: "drill" }));
  const [delivery] = await world.deliveries(webhookId);
  if (delivery === undefined) throw new Error("no delivery");
  return delivery;
}
const stateOf = async ({ id }: WebhookDelivery) => {
  const found = await world.ports.store.read.webhookDeliveries.byId(id);
  if (found === null) throw new Error("no delivery");
  return found;
};
/** Lets the clock reach the next attempt, and makes it. */
async function nextAttempt(delivery: WebhookDelivery): Promise<number> {
  const { nextAttemptAt } = await stateOf(delivery);
  const pause = (nextAttemptAt?.getTime() ?? 0) - world.ports.clock.now().getTime();
  await world.ports.clock.advance(pause - 1);
  expect(await world.work()).toBe(0);
  await world.ports.clock.advance(1);
  expect(await world.work()).toBe(1);
  return pause;
}

describe("a delivery", () => {
  it("succeeds with any 2xx, and is attempted no more", async () => {
    const delivery = await one();
    world.answer(status(299));
    expect(await world.work()).toBe(1);
    expect(await stateOf(delivery)).toMatchObject({
      state: "DELIVERED",
      finishedAt: world.ports.clock.now(),
      attempts: [{ at: world.ports.clock.now(), durationMs: 0, statusCode: 299 }],
    });
    await world.ports.clock.advance(100 * DAY);
    expect(await world.work()).toBe(0);
    expect(world.sent).toMatchObject([{ url: "https://hooks.example/ekm", body: delivery.body }]);
  });

  it.each([
    ["nobody answers", REFUSED, { error: "The connection was refused." }],
    ["the receiver has a fault", status(500), { statusCode: 500, error: "The receiver answered 500." }],
    ["it is redirected", status(302), { statusCode: 302, error: "The receiver answered 302; redirects are not followed." }],
    ["there is no such page", status(404), { statusCode: 404, error: "The receiver answered 404." }],
  ])("is tried again when %s, the same but for time and signature", async (_, answer, attempt) => {
    const delivery = await one();
    world.answer(answer);
    await world.work();
    expect(await stateOf(delivery)).toMatchObject({ state: "PENDING", tries: 1, attempts: [attempt] });
    await nextAttempt(delivery);
    expect(await stateOf(delivery)).toMatchObject({ state: "DELIVERED", tries: 2, attempts: [attempt, { statusCode: 204 }] });
    const [first, second] = world.sent;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"]);
  });

  it("is given up after ten attempts in three days", async () => {
    const delivery = await one();
    world.answerAlways(REFUSED);
    await world.work();
    const began = world.ports.clock.now().getTime();
    for (let attempt = 2; attempt <= 10; attempt += 1) await nextAttempt(delivery);
    const tookMs = world.ports.clock.now().getTime() - began;
    expect(tookMs).toBeGreaterThan(75 * HOUR);
    expect(tookMs).toBeLessThan(91 * HOUR);
    const failed = await stateOf(delivery);
    expect(failed).toMatchObject({ state: "FAILED", tries: 10 });
    expect(failed.attempts).toHaveLength(10);
    await world.ports.clock.advance(100 * DAY);
    expect(await world.work()).toBe(0);
  });

  it("waits as long as the receiver asks for", async () => {
    const delivery = await one();
    world.answer(status(429, 10 * 60 * SECOND));
    await world.work();
    expect(await nextAttempt(delivery)).toBe(10 * 60 * SECOND);
  });

  it("goes to the webhook's present URL", async () => {
    const delivery = await one();
    world.answer(REFUSED);
    await world.work();
    await must(world.useCases.updateWebhook(admin(), { webhookId, url: "https://new.example/" }));
    await nextAttempt(delivery);
    expect(world.sent.map(({ url }) => url)).toEqual(["https://hooks.example/ekm", "https://new.example/"]);
  });

  it("is not blamed on the receiver when the secret cannot be read, and goes on when there is a new one", async () => {
    const delivery = await one();
    const sealer = createSecretSealer(new Uint8Array(32));
    const blind = deliverWebhook({
      ...world.ports,
      webhooks: { sealer, allowInsecure: false },
      sender: {
        send: () => {
          throw new Error("nothing is sent unsigned");
        },
      },
    });
    const [claimed] = await world.claim();
    if (claimed) await blind(claimed, new AbortController().signal);
    expect((await stateOf(delivery)).attempts[0]?.error).toContain("on our side");
    expect(await world.webhook(webhookId)).not.toHaveProperty("failingSince");
    await nextAttempt(delivery);
    expect(await stateOf(delivery)).toMatchObject({ state: "DELIVERED" });
  });

  it("is sent again when it is asked for, under the same id and with all its attempts, once per request", async () => {
    const delivery = await one();
    await world.work();
    const input = { deliveryId: delivery.id, idempotencyKey: "again" };
    expect(await must(world.useCases.redeliverWebhook(admin(), input))).toMatchObject({ state: "PENDING", tries: 0 });
    await must(world.useCases.redeliverWebhook(admin(), input));
    world.answer(REFUSED);
    expect(await world.work()).toBe(1);
    await nextAttempt(delivery);
    expect(await world.work()).toBe(0);
    expect(new Set(world.sent.map(({ headers, body }) => headers["webhook-id"] + body)).size).toBe(1);
    expect((await stateOf(delivery)).attempts.map(({ statusCode }) => statusCode)).toEqual([204, undefined, 204]);
    expect((await world.audited(account)).at(-1)).toContain("is to get ekm.keys.locked");
  });

  it("keeps twenty attempts", async () => {
    const delivery = await one();
    for (let n = 0; n < 22; n += 1) {
      await world.work();
      await world.ports.clock.advance(1);
      await must(world.useCases.redeliverWebhook(admin(), { deliveryId: delivery.id }));
    }
    const { attempts } = await stateOf(delivery);
    expect(attempts).toHaveLength(20);
    expect(attempts[19]?.at.getTime()).toBe(world.ports.clock.now().getTime() - 1);
  });
});

describe("a worker that dies", () => {
  it("between sending and writing leaves the message to another, which sends it again under the same id", async () => {
    const delivery = await one();
    const [claimed] = await world.claim();
    expect(claimed?.id).toBe(delivery.id);
    expect(await world.claim()).toEqual([]);
    await world.ports.clock.advance(30_000);
    expect(await world.work()).toBe(1);
    expect(await stateOf(delivery)).toMatchObject({ state: "DELIVERED", messageId: delivery.messageId });
  });

  it("and comes back changes nothing that its successor wrote", async () => {
    const delivery = await one();
    const [stale] = await world.claim();
    await world.ports.clock.advance(30_000);
    await world.work();
    const delivered = await stateOf(delivery);
    world.answer(status(410));
    if (stale) await world.deliver(stale);
    expect(await stateOf(delivery)).toEqual(delivered);
    expect(await world.webhook(webhookId)).not.toHaveProperty("disabled");
  });

  it("with notice gives back what it holds, and the attempt does not count", async () => {
    const delivery = await one();
    const stopped = deliverWebhook({ ...world.ports, sender: { send: async () => ({ kind: "stopped" }) } });
    const [claimed] = await world.claim();
    if (claimed) await stopped(claimed, AbortSignal.abort());
    expect(await stateOf(delivery)).toMatchObject({
      state: "PENDING",
      tries: 0,
      attempts: [],
      nextAttemptAt: world.ports.clock.now(),
    });
    expect(await world.work()).toBe(1);
  });

  it("is not stood in for while it is alive: a claim is exclusive", async () => {
    await one();
    const claims = await Promise.all([world.claim(), world.claim(), world.claim()]);
    expect(claims.flat()).toHaveLength(1);
  });

  it("loses nothing when the webhook is deleted meanwhile", async () => {
    await one();
    const [claimed] = await world.claim();
    await must(world.useCases.deleteWebhook(admin(), { webhookId }));
    if (claimed) await world.deliver(claimed);
    expect(world.sent).toEqual([]);
  });
});

describe("a webhook", () => {
  it("is FAILING from the first attempt that failed until one succeeds", async () => {
    const delivery = await one();
    const since = world.ports.clock.now();
    world.answer(REFUSED, status(503));
    await world.work();
    await nextAttempt(delivery);
    expect(await world.webhook(webhookId)).toMatchObject({ failingSince: since });
    await nextAttempt(delivery);
    expect(await world.webhook(webhookId)).not.toHaveProperty("failingSince");
  });

  it("is disabled by 410 at once, with all that waits, and audited", async () => {
    await happen();
    world.answer(status(410));
    await world.work();
    expect(await world.webhook(webhookId)).toMatchObject({ disabled: { reason: "GONE", at: world.ports.clock.now() } });
    for (const { state } of await world.deliveries(webhookId)) expect(state).not.toBe("PENDING");
    expect((await world.audited(account)).at(-1)).toBe(
      "system: The webhook to hooks.example was disabled: its receiver answered 410 Gone.",
    );
  });

  it("is disabled when a message has used up its attempts and nothing had arrived for five days", async () => {
    world.answerAlways(REFUSED);
    const first = await one();
    await world.work();
    for (let attempt = 2; attempt <= 10; attempt += 1) await nextAttempt(first);
    expect(await world.webhook(webhookId)).not.toHaveProperty("disabled");
    await must(world.useCases.unlockAccountKeys(admin(), { reason: "over" }));
    const [second] = await world.deliveries(webhookId);
    if (second === undefined) throw new Error("no delivery");
    await world.work();
    for (let attempt = 2; attempt <= 10; attempt += 1) {
      expect(await world.webhook(webhookId)).not.toHaveProperty("disabled");
      await nextAttempt(second);
    }
    expect(await world.webhook(webhookId)).toMatchObject({ disabled: { reason: "FAILING" } });
    expect((await world.audited(account)).at(-1)).toContain("nothing had arrived for five days");
  });

  it("that is disabled is told of nothing new, and of what is new once it is enabled", async () => {
    await must(world.useCases.updateWebhook(admin(), { webhookId, enabled: false }));
    await must(world.useCases.lockAccountKeys(admin(), { reason: "drill" }));
    expect(await world.deliveries(webhookId)).toEqual([]);
    await must(world.useCases.updateWebhook(admin(), { webhookId, enabled: true }));
    await must(world.useCases.unlockAccountKeys(admin(), { reason: "over" }));
    expect((await world.deliveries(webhookId)).map(({ type }) => type)).toEqual(["ekm.keys.unlocked"]);
  });

  it("can be tested whatever its kinds and state: once, without consequences", async () => {
    await must(world.useCases.updateWebhook(admin(), { webhookId, kinds: ["EKM_ENABLED"], enabled: false }));
    world.answer(status(410));
    const test = await must(world.useCases.sendTestWebhook(admin(), { webhookId }));
    expect(await world.work()).toBe(1);
    expect(await stateOf(test)).toMatchObject({ state: "FAILED", type: "ekm.webhook.test", attempts: [{ statusCode: 410 }] });
    await must(world.useCases.updateWebhook(admin(), { webhookId, enabled: true }));
    world.answer(REFUSED);
    const refused = await must(world.useCases.sendTestWebhook(admin(), { webhookId }));
    await world.work();
    expect(await stateOf(refused)).toMatchObject({ state: "FAILED", tries: 1 });
    const sound = await world.webhook(webhookId);
    expect(sound).not.toHaveProperty("failingSince");
    expect(sound).not.toHaveProperty("disabled");
    expect(JSON.parse(world.sent[0]?.body ?? "")).toMatchObject({
      type: "ekm.webhook.test",
      data: { accountId: account.id, webhookId },
    });
  });
});

describe("places for attempts", () => {
  const fill = async (of: Account, webhooks: number, each: number) => {
    const made = [];
    for (let n = 0; n < webhooks; n += 1) made.push((await world.create(of)).id);
    for (const id of made) {
      for (let n = 0; n < each; n += 1) await must(world.useCases.sendTestWebhook(tenantCaller(of), { webhookId: id }));
    }
    return made;
  };
  /** As a process whose attempts never end would. */
  const claimAll = async () => {
    const underWay: WebhookDelivery[] = [];
    for (;;) {
      const claimed = await world.claim(underWay);
      if (claimed.length === 0) return underWay;
      underWay.push(...claimed);
    }
  };
  const countBy = (claimed: readonly WebhookDelivery[], key: "webhookId" | "accountId") => {
    const counts = new Map<string, number>();
    for (const delivery of claimed) counts.set(delivery[key], (counts.get(delivery[key]) ?? 0) + 1);
    return [...counts.values()];
  };

  it("are four for a webhook and eight for an account", async () => {
    const other = await world.scenario.createAccount("Other");
    await fill(other, 5, 6);
    const claimed = await claimAll();
    expect(Math.max(...countBy(claimed, "webhookId"))).toBe(4);
    expect(countBy(claimed, "accountId")).toEqual([8]);
  });

  it("are 64 in all, of which the last go to accounts that have none: slow receivers hold up nobody else's", async () => {
    for (let n = 0; n < 10; n += 1) await fill(await world.scenario.createAccount(`Slow ${n}`), 2, 8);
    const slow = await claimAll();
    expect(slow.length).toBe(48 + 4);
    const test = await must(world.useCases.sendTestWebhook(admin(), { webhookId }));
    expect((await world.claim(slow)).map(({ id }) => id)).toEqual([test.id]);
  });
});

it("deliveries that ended thirty days ago are removed, pending ones stay", async () => {
  const delivery = await happen();
  world.answer(status(204));
  await world.work();
  const { deleteOldDeliveries } = createWorkerUseCases({ ...world.ports });
  await world.ports.clock.advance(30 * DAY);
  expect(await deleteOldDeliveries()).toBe(0);
  const waiting = await must(world.useCases.sendTestWebhook(admin(), { webhookId }));
  await world.ports.clock.advance(1);
  expect(await deleteOldDeliveries()).toBe(2);
  expect((await world.deliveries(webhookId)).map(({ id }) => id)).toEqual([waiting.id]);
  expect(await world.ports.store.read.webhookDeliveries.byId(delivery.id)).toBeNull();
});
