import { describe, expect, it } from "vitest";
import type { KeyHealth } from "../../../src/health/health.js";
import type { Store } from "../../../src/ports/store.js";
import type { Webhook, WebhookDelivery } from "../../../src/webhooks/webhook.js";
import { createSequentialIds } from "../../sequential-ids.js";
import { at, health, idsOf, insertAccount, walk } from "./fixtures.js";

const ids = createSequentialIds();
const NOBODY = { webhooks: [], accounts: [] };

const webhook = (accountId: string, over: Partial<Webhook> = {}): Webhook => ({
  id: ids.next("whk"),
  accountId,
  url: "https://hooks.example/ekm?token=“t”",
  createdAt: at(1),
  createdBy: "ada",
  secrets: [{ sealed: "c2VhbGVk", createdAt: at(1) }],
  ...over,
});

export function webhooksContract(store: () => Store): void {
  const insert = async (over: Partial<Webhook> = {}, accountId?: string): Promise<Webhook> => {
    const made = webhook(accountId ?? (await insertAccount(store())).id, over);
    await store().transaction((tx) => tx.webhooks.insert(made));
    return made;
  };
  const enqueue = (to: Webhook, minutes: number): Promise<WebhookDelivery> =>
    store().transaction((tx) =>
      tx.webhookDeliveries.insert({
        accountId: to.accountId,
        webhookId: to.id,
        messageId: "evt_1",
        type: "ekm.enabled",
        body: '{"type":"ekm.enabled"}',
        createdAt: at(minutes),
      }),
    );
  const save = (delivery: WebhookDelivery, fence: number) =>
    store().transaction((tx) => tx.webhookDeliveries.save(delivery, fence));
  const stored = async (delivery: Pick<WebhookDelivery, "id">) => store().read.webhookDeliveries.byId(delivery.id);

  describe("webhooks", () => {
    it("keeps every field, and the lack of it", async () => {
      const plain = await insert();
      const full = await insert({
        description: "Ops' pager",
        kinds: ["KEY_HEALTH_CHANGED", "BACKUP_FAILED"],
        secrets: [
          { sealed: "Yg==", createdAt: at(3) },
          { sealed: "YQ==", createdAt: at(1), expiresAt: at(60) },
        ],
        failingSince: at(4),
        disabled: { at: at(5), reason: "GONE" },
      });
      const { webhooks } = store().read;
      expect(await webhooks.byId(plain.id)).toStrictEqual(plain);
      expect(await webhooks.byId(full.id)).toStrictEqual(full);
      expect(await webhooks.byId("whk_none")).toBeNull();
    });

    it("writes all fields of one, and nothing of an unknown one", async () => {
      const made = await insert({ failingSince: at(2), disabled: { at: at(3), reason: "FAILING" } });
      const { failingSince: _, disabled: __, ...sound } = made;
      const changed = { ...sound, url: "https://other.example/", kinds: ["EKM_ENABLED"] as const };
      await store().transaction(async (tx) => {
        await tx.webhooks.save(changed);
        await tx.webhooks.save({ ...changed, id: "whk_none" });
      });
      expect(await store().read.webhooks.byId(made.id)).toStrictEqual(changed);
      expect(await store().read.webhooks.byId("whk_none")).toBeNull();
    });

    it("lists an account's own, oldest first at once and newest first by pages, and counts them", async () => {
      const { id } = await insertAccount(store());
      const made = [await insert({}, id), await insert({}, id), await insert({}, id)];
      await insert();
      const { webhooks } = store().read;
      expect(idsOf(await webhooks.ofAccount(id))).toEqual(idsOf(made));
      expect(await webhooks.ofAccount("acc_unknown")).toEqual([]);
      const { items, pages } = await walk(2, (request) => webhooks.page(id, request));
      expect(idsOf(items)).toEqual(idsOf(made).reverse());
      expect(pages).toBe(2);
      expect(await webhooks.count(id)).toBe(3n);
    });

    it("is gone with its deliveries, and no other's", async () => {
      const [made, other] = [await insert(), await insert()];
      const [delivery, kept] = [await enqueue(made, 1), await enqueue(other, 1)];
      await store().transaction((tx) => tx.webhooks.delete(made.id));
      expect(await store().read.webhooks.byId(made.id)).toBeNull();
      expect(await stored(delivery)).toBeNull();
      expect(await stored(kept)).toEqual(kept);
      expect(await save({ ...delivery, fence: 1 }, 0)).toBe(false);
    });
  });

  describe("webhook deliveries", () => {
    it("are made pending, due at once, with an id", async () => {
      const to = await insert();
      const made = await enqueue(to, 2);
      expect(made).toMatchObject({ state: "PENDING", nextAttemptAt: at(2), tries: 0, fence: 0, attempts: [] });
      expect(made.id).toMatch(/^whd_/);
      expect(await stored(made)).toStrictEqual(made);
    });

    it("are due when their time has come, the longest due first, at most so many, and of nobody who is passed over", async () => {
      const [one, two] = [await insert(), await insert()];
      const sibling = await insert({}, two.accountId);
      const [third, first, second, fourth] = [
        await enqueue(one, 3),
        await enqueue(one, 1),
        await enqueue(two, 2),
        await enqueue(sibling, 4),
      ];
      const due = async (
        minutes: number,
        limit: number,
        notOf: { webhooks: string[]; accounts: string[] } | typeof NOBODY = NOBODY,
      ) => idsOf(await store().read.webhookDeliveries.due(at(minutes), limit, notOf));
      expect(await due(0, 10)).toEqual([]);
      expect(await due(2, 10)).toEqual(idsOf([first, second]));
      expect(await due(9, 3)).toEqual(idsOf([first, second, third]));
      expect(await due(9, 10, { webhooks: [one.id], accounts: [] })).toEqual(idsOf([second, fourth]));
      expect(await due(9, 10, { webhooks: [], accounts: [two.accountId] })).toEqual(idsOf([first, third]));
      expect(await due(9, 10, { webhooks: [one.id], accounts: [two.accountId] })).toEqual([]);
    });

    it("are written by whoever has the fence, and by nobody else", async () => {
      const made = await enqueue(await insert(), 1);
      const claimed = { ...made, nextAttemptAt: at(5), tries: 1, fence: 1 };
      expect(await save(claimed, 0)).toBe(true);
      expect(await save({ ...claimed, fence: 2 }, 0)).toBe(false);
      expect(await stored(made)).toStrictEqual(claimed);
      const { nextAttemptAt: _, ...rest } = claimed;
      const attempts = [
        { at: at(2), durationMs: 12, error: "There was no answer." },
        { at: at(4), durationMs: 7, statusCode: 204 },
      ];
      const delivered = { ...rest, state: "DELIVERED", finishedAt: at(4), attempts } as const;
      expect(await save(delivered, 1)).toBe(true);
      expect(await stored(made)).toStrictEqual(delivered);
      expect(await store().read.webhookDeliveries.due(at(60), 10, NOBODY)).toEqual([]);
    });

    it("that are pending fail together, and what their holders still write has no effect", async () => {
      const [to, other] = [await insert(), await insert()];
      const [held, done, elsewhere] = [await enqueue(to, 1), await enqueue(to, 2), await enqueue(other, 3)];
      const { nextAttemptAt: _, ...rest } = done;
      const delivered = { ...rest, state: "DELIVERED", finishedAt: at(3) } as const;
      await save(delivered, 0);
      await store().transaction((tx) => tx.webhookDeliveries.failPending(to.id, at(9)));
      const failed = await stored(held);
      expect(failed).toMatchObject({ state: "FAILED", finishedAt: at(9) });
      expect(failed).not.toHaveProperty("nextAttemptAt");
      expect(await save({ ...held, state: "DELIVERED" }, 0)).toBe(false);
      expect(await stored(done)).toStrictEqual(delivered);
      expect(await stored(elsewhere)).toStrictEqual(elsewhere);
    });

    it("are listed by webhook, newest first, of one state if asked, and counted", async () => {
      const to = await insert();
      await enqueue(await insert(), 1);
      const made = [await enqueue(to, 1), await enqueue(to, 2), await enqueue(to, 3)];
      const { nextAttemptAt: _, ...rest } = made[1] as WebhookDelivery;
      await save({ ...rest, state: "FAILED", finishedAt: at(4) }, 0);
      const { webhookDeliveries } = store().read;
      const { items } = await walk(2, (request) => webhookDeliveries.page(to.id, request, {}));
      expect(idsOf(items)).toEqual(idsOf(made).reverse());
      expect(idsOf((await webhookDeliveries.page(to.id, { first: 9 }, { state: "FAILED" })).items)).toEqual([made[1]?.id]);
      expect(await webhookDeliveries.count(to.id, {})).toBe(3n);
      expect(await webhookDeliveries.count(to.id, { state: "PENDING" })).toBe(2n);
    });

    it("that ended before then are removed, oldest first, a bounded number at a time; pending ones never", async () => {
      const to = await insert();
      const made = [await enqueue(to, 1), await enqueue(to, 1), await enqueue(to, 1), await enqueue(to, 1)];
      for (const [minute, { nextAttemptAt: _, ...delivery }] of made.slice(1).entries()) {
        await save({ ...delivery, state: "DELIVERED", finishedAt: at(20 - minute) }, 0);
      }
      const remove = (limit: number) => store().transaction((tx) => tx.webhookDeliveries.deleteBefore(at(20), limit));
      const left = async () => idsOf((await store().read.webhookDeliveries.page(to.id, { first: 9 }, {})).items);
      expect(await remove(1)).toBe(1);
      expect(await left()).toEqual([made[2]?.id, made[1]?.id, made[0]?.id]);
      expect(await remove(9)).toBe(1);
      expect(await remove(9)).toBe(0);
      expect(await left()).toEqual([made[1]?.id, made[0]?.id]);
    });
  });

  describe("reminders of deletions", () => {
    it("finds keys with a deletion date to come, the nearest first, and goes on from one", async () => {
      const made: KeyHealth[] = [];
      for (const minute of [30, 10, 20, 20]) {
        const { id } = await insertAccount(store());
        made.push(health(id, { state: "UNUSABLE", deletionDate: at(minute) }));
      }
      const { id: sound } = await insertAccount(store());
      await store().transaction(async (tx) => {
        for (const row of [...made, health(sound)]) await tx.health.put(row);
      });
      const { deletionReminders } = store().read;
      const all = await deletionReminders.pending({ deletionDate: at(5), accountId: "" }, 10);
      const order = [made[1], made[2], made[3], made[0]].map((row) => row?.accountId);
      expect(all.map(({ accountId }) => accountId)).toEqual(order);
      expect(all[0]).toStrictEqual(made[1]);
      const after = { deletionDate: at(20), accountId: order[1] ?? "" };
      expect((await deletionReminders.pending(after, 10)).map(({ accountId }) => accountId)).toEqual(order.slice(2));
      expect(await deletionReminders.pending({ deletionDate: at(5), accountId: "" }, 1)).toHaveLength(1);
    });

    it("keeps the last step of an account", async () => {
      const { id: accountId } = await insertAccount(store());
      const of = () => store().read.deletionReminders.of(accountId);
      expect(await of()).toBeNull();
      for (const step of [86_400_000, 3_600_000]) {
        await store().transaction((tx) => tx.deletionReminders.put({ accountId, deletionDate: at(9), step }));
        expect(await of()).toStrictEqual({ accountId, deletionDate: at(9), step });
      }
    });
  });
}
