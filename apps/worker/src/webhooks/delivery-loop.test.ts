import type { WebhookDelivery } from "@ekm/ekm";
import { createFakeClock } from "@ekm/ekm/testing";
import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import { deliveryLoop } from "./delivery-loop.js";

const log = pino({ level: "silent" });
const delivery = (id: string): WebhookDelivery => ({
  id,
  accountId: "acc_1",
  webhookId: "whk_1",
  messageId: "evt_1",
  type: "ekm.enabled",
  body: "{}",
  createdAt: new Date(0),
  state: "PENDING",
  tries: 1,
  fence: 1,
  attempts: [],
});

function deferred() {
  const ends: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => void ends.push(resolve));
  return { promise, resolve: () => ends[0]?.() };
}

function run(batches: (readonly WebhookDelivery[] | Error)[], deliver: (delivery: WebhookDelivery) => Promise<void>) {
  const clock = createFakeClock();
  const shutdown = new AbortController();
  const underWay: string[][] = [];
  const ended = deliveryLoop(
    {
      clock,
      log,
      shutdown: shutdown.signal,
      async claim(request) {
        underWay.push(request.underWay.map(({ webhookId, accountId }) => `${accountId}/${webhookId}`));
        const next = batches.shift() ?? [];
        if (next instanceof Error) throw next;
        return next;
      },
      deliver,
    },
    { leaseMs: 30_000, idleMs: 250 },
  );
  return { clock, shutdown, underWay, ended };
}

describe("the delivery loop", () => {
  it("attempts what it claims at once, tells of what is under way, and looks again when one ends or after a while", async () => {
    const ends: (() => void)[] = [];
    const { shutdown, underWay, ended, clock } = run(
      [[delivery("whd_1"), delivery("whd_2")]],
      () => new Promise((resolve) => void ends.push(resolve)),
    );
    await vi.waitFor(() => expect(underWay).toHaveLength(2));
    expect(underWay[1]).toEqual(["acc_1/whk_1", "acc_1/whk_1"]);
    ends[0]?.();
    await vi.waitFor(() => expect(underWay.at(-1)).toHaveLength(1));
    const looks = underWay.length;
    await clock.advance(250);
    await vi.waitFor(() => expect(underWay.length).toBeGreaterThan(looks));
    shutdown.abort();
    ends[1]?.();
    await ended;
  });

  it("goes on when an attempt throws, and when nothing can be claimed", async () => {
    const attempted: string[] = [];
    const { shutdown, ended, clock } = run([new Error("busy"), [delivery("whd_1")], [delivery("whd_2")]], async ({ id }) => {
      attempted.push(id);
      throw new Error("database is locked");
    });
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(attempted).toEqual(["whd_1", "whd_2"]);
    });
    shutdown.abort();
    await ended;
  });

  it("waits for what is under way when it is told to stop", async () => {
    const { promise: held, resolve: end } = deferred();
    const { shutdown, ended, underWay } = run([[delivery("whd_1")]], () => held);
    await vi.waitFor(() => expect(underWay.length).toBeGreaterThan(1));
    shutdown.abort();
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    end();
    await ended;
  });
});
