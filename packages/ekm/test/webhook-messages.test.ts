// Invariant: a webhook is told of what it asked for, in the transaction in which it happened and as it was then; no message holds a secret,
// a path, a file name or what a person wrote; docs/webhooks.md shows each type as it is.
import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { ERROR_CATALOG, type KeyHealth, recordingStore, TEST_TYPE, WEBHOOK_EVENT_TYPES } from "../src/index.js";
import { tenantCaller } from "../testing/index.js";
import { everyMessage, PRIVATE } from "./support/every-message.js";
import { must, type WebhookScenario, webhookScenario } from "./support/webhooks.js";

let world: WebhookScenario;
beforeEach(() => {
  world = webhookScenario();
});

const typesOf = async (webhookId: string) => (await world.deliveries(webhookId)).map(({ type }) => type).reverse();

describe("the messages", () => {
  it("are of every type that there is", async () => {
    expect([...(await everyMessage(world)).keys()].sort()).toEqual([...Object.values(WEBHOOK_EVENT_TYPES), TEST_TYPE].sort());
  });

  it("say type, time, account and event, and nothing that is not theirs to say", async () => {
    for (const [type, body] of await everyMessage(world)) {
      const message = JSON.parse(body);
      expect(Object.keys(message)).toEqual(["type", "timestamp", "data"]);
      expect(message.type).toBe(type);
      expect(new Date(message.timestamp).toISOString()).toBe(message.timestamp);
      expect(message.data).toMatchObject({
        accountId: expect.stringMatching(/^acc_/),
        eventId: expect.stringMatching(/^(evt|msg)_/),
      });
      for (const hidden of [PRIVATE, "payroll", "Acme", "whsec_", "hooks.example"]) expect(body).not.toContain(hidden);
      expect(body.length).toBeLessThan(4000);
    }
  });

  it("of a deletion count down, and say what is at risk and what to do", async () => {
    const { data } = JSON.parse((await everyMessage(world)).get("ekm.key.pending_deletion") ?? "");
    const { meaning, remedy, retryable } = ERROR_CATALOG.KEY_PENDING_DELETION;
    expect(data).toMatchObject({
      daysLeft: 7,
      hoursLeft: 180,
      atRisk: { backups: "1", bytes: "100", generations: 1 },
      problem: { code: "KEY_PENDING_DELETION", message: meaning, remedy, retryable },
    });
    expect(new Date(data.deletionDate).getTime() - world.ports.clock.now().getTime()).toBe(7.5 * 24 * 3600 * 1000);
  });

  it("are shown in docs/webhooks.md as they are", async () => {
    const text = await readFile(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
    const shown = new Map(
      [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json = ""]) => [JSON.parse(json).type, JSON.parse(json)]),
    );
    const messages = await everyMessage(world);
    expect([...shown.keys()].sort()).toEqual([...messages.keys()].sort());
    for (const [type, body] of messages) expect(shapeOf(shown.get(type)), type).toEqual(shapeOf(JSON.parse(body)));
  });
});

/** Names of fields, and kinds of values. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

describe("a webhook", () => {
  it("is told of its kinds alone, and each webhook of an event under the same id", async () => {
    const account = await world.scenario.createAccount();
    const [all, some, again] = [
      await world.create(account),
      await world.create(account, { kinds: ["KEYS_UNLOCKED"] }),
      await world.create(account),
    ];
    await must(world.useCases.lockAccountKeys(tenantCaller(account), { reason: "drill" }));
    await must(world.useCases.unlockAccountKeys(tenantCaller(account), { reason: "over" }));
    expect(await typesOf(all.id)).toEqual(["ekm.keys.locked", "ekm.keys.unlocked"]);
    expect(await typesOf(some.id)).toEqual(["ekm.keys.unlocked"]);
    const idsOf = async (id: string) => (await world.deliveries(id)).map(({ messageId, body }) => `${messageId} ${body}`);
    expect(await idsOf(again.id)).toEqual(await idsOf(all.id));
  });

  it("is told nothing of another account, nor of what was rolled back", async () => {
    const [account, other] = [await world.scenario.createAccount(), await world.scenario.createAccount("Other")];
    const { id } = await world.create(account);
    await must(world.useCases.lockAccountKeys(tenantCaller(other), { reason: "drill" }));
    const failing = world.ports.store.transaction(async (tx) => {
      await tx.events.append({ accountId: account.id, kind: "KEYS_LOCKED", at: new Date() }, false);
      expect(await tx.webhookDeliveries.count(id, {})).toBe(1n);
      throw new Error("refused");
    });
    await expect(failing).rejects.toThrow("refused");
    expect(await world.deliveries(id)).toEqual([]);
  });

  it("is told the state of the moment, whatever comes after", async () => {
    const account = await world.scenario.createAccount();
    const { id } = await world.create(account, { kinds: ["KEY_HEALTH_CHANGED"] });
    const health: KeyHealth = {
      id: "hlt_1",
      accountId: account.id,
      keyArn: "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555",
      state: "DEGRADED",
      since: world.ports.clock.now(),
      warnings: [],
      checkedAt: world.ports.clock.now(),
    };
    await world.ports.store.transaction(async (tx) => {
      await tx.health.put(health);
      await tx.health.put({ ...health, id: "hlt_2", state: "HEALTHY" });
    });
    const told = (await world.deliveries(id)).map(({ body }) => JSON.parse(body).data.state);
    expect(told).toEqual(["HEALTHY", "DEGRADED"]);
  });

  it("is not told of progress, nor of jobs that begin or succeed", async () => {
    const messages = await everyMessage(world);
    const [acme] = await world.ports.store.read.webhooks.ofAccount(JSON.parse(messages.get("ekm.enabled") ?? "").data.accountId);
    const types = await typesOf(acme?.id ?? "");
    expect(types.filter((type) => type.includes("backup"))).toEqual(["ekm.backup.failed"]);
    expect(types.filter((type) => type.includes("restore"))).toEqual(["ekm.restore.failed"]);
  });

  it("costs an account without webhooks one look", async () => {
    const account = await world.scenario.createAccount();
    const { store } = world.scenario.ports;
    const asked: string[] = [];
    const watched = recordingStore(
      {
        ...store,
        transaction: (work) =>
          store.transaction((tx) =>
            work({
              ...tx,
              webhooks: {
                ...tx.webhooks,
                ofAccount: (id) => {
                  asked.push(id);
                  return tx.webhooks.ofAccount(id);
                },
              },
              accounts: { ...tx.accounts, byId: (id) => Promise.reject(new Error(`${id} need not be read`)) },
            }),
          ),
      },
      world.ports.clock,
    );
    await watched.transaction((tx) => tx.events.append({ accountId: account.id, kind: "KEYS_LOCKED", at: new Date() }, false));
    expect(asked).toEqual([account.id]);
  });
});
