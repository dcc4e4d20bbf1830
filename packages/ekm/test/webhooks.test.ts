// Invariant: an account's admin, and nobody else, decides where its messages go; each change is audited, a secret is shown once and never
// stored readably, and a repeated request has one effect.
import { Webhook as Oracle } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import type { Account, Refusal, WebhookRequest } from "../src/index.js";
import { createUseCases, WEBHOOK_EVENT_KINDS, webhookStateOf } from "../src/index.js";
import { signedHeaders } from "../src/webhooks/sign.js";
import { SUPPORT_CALLER, tenantCaller } from "../testing/index.js";
import { must, type WebhookScenario, webhookScenario } from "./support/webhooks.js";

let world: WebhookScenario;
let account: Account;
beforeEach(async () => {
  world = webhookScenario();
  account = await world.scenario.createAccount();
});
const admin = () => tenantCaller(account);
const codesOf = (outcome: { ok: boolean; error?: Refusal }) =>
  Array.isArray(outcome.error) ? outcome.error.map(({ code }) => code) : outcome.error;

describe("creating a webhook", () => {
  it("shows the secret, once, stores it sealed, and is audited without the path", async () => {
    const { secret, ...webhook } = await world.create(account, { url: "https://hooks.example/t0ken", description: " Pager " });
    expect(webhook).toMatchObject({ accountId: account.id, url: "https://hooks.example/t0ken", description: "Pager" });
    expect(webhook.kinds).toBeUndefined();
    const stored = await world.webhook(webhook.id);
    expect(JSON.stringify(stored)).not.toContain(secret.slice("whsec_".length));
    const opened = world.ports.webhooks.sealer.open(stored.secrets[0]?.sealed ?? "", webhook.id);
    const headers = signedHeaders({ id: "evt_1", at: new Date(), body: "{}" }, [opened ?? new Uint8Array()]);
    expect(new Oracle(secret).verify("{}", headers)).toEqual({});
    expect(await world.audited(account)).toEqual(["ada: The webhook to hooks.example was created."]);
  });

  it("once, however often it is asked with one key, and shows the secret no more", async () => {
    const input = { url: "https://hooks.example/", idempotencyKey: "once" };
    const first = await must(world.useCases.createWebhook(admin(), input));
    const again = await must(world.useCases.createWebhook(admin(), input));
    expect(first.secret).toBeDefined();
    expect(again).toEqual({ webhook: first.webhook });
    expect(await world.ports.store.read.webhooks.count(account.id)).toBe(1n);
  });

  it.each([
    [{ url: "http://hooks.example/" }, ["WEBHOOK_URL_REFUSED"]],
    [{ url: "https://10.0.0.1/" }, ["WEBHOOK_URL_REFUSED"]],
    [{ url: "https://hooks.example/", kinds: [] }, ["INPUT_INVALID"]],
    [{ url: "https://hooks.example/", description: "a\u0000b" }, ["INPUT_INVALID"]],
    [{ url: "https://hooks.example/", description: "a".repeat(501) }, ["INPUT_INVALID"]],
    [{ url: "https://hooks.example/", accountId: "acc_00000000000000000000000099" }, ["ACCOUNT_NOT_FOUND"]],
  ])("is refused for %o", async (input, codes) => {
    expect(codesOf(await world.useCases.createWebhook(admin(), input))).toEqual(codes);
    expect(await world.audited(account)).toEqual([]);
  });

  it("of all kinds by name is of all kinds to come too; of some, in one order, each once", async () => {
    expect((await world.create(account, { kinds: [...WEBHOOK_EVENT_KINDS].reverse() })).kinds).toBeUndefined();
    const some = await world.create(account, { kinds: ["ROTATION_CHANGED", "EKM_ENABLED", "ROTATION_CHANGED"] });
    expect(some.kinds).toEqual(["EKM_ENABLED", "ROTATION_CHANGED"]);
  });

  it("stops at ten for an account", async () => {
    for (let n = 0; n < 10; n += 1) await world.create(account);
    const refused = await world.useCases.createWebhook(admin(), { url: "https://hooks.example/" });
    expect(codesOf(refused)).toEqual(["WEBHOOK_LIMIT_REACHED"]);
    await world.create(await world.scenario.createAccount("Other"));
  });

  it("is for admins: not for viewers, operators or support", async () => {
    const input = { accountId: account.id, url: "https://hooks.example/" };
    for (const caller of [tenantCaller(account, "ACCOUNT_VIEWER"), tenantCaller(account, "BACKUP_OPERATOR"), SUPPORT_CALLER]) {
      expect(codesOf(await world.useCases.createWebhook(caller, input))).toEqual({ denied: "FORBIDDEN" });
    }
  });
});

describe("changing a webhook", () => {
  it("changes what is given, and leaves the rest", async () => {
    const { id, secret: _, ...made } = await world.create(account, { kinds: ["EKM_ENABLED"], description: "Pager" });
    const moved = await must(world.useCases.updateWebhook(admin(), { webhookId: id, url: "https://other.example/" }));
    expect(moved).toEqual({ ...made, id, url: "https://other.example/" });
    const all = await must(world.useCases.updateWebhook(admin(), { webhookId: id, kinds: WEBHOOK_EVENT_KINDS }));
    expect(all.kinds).toBeUndefined();
    expect(await world.webhook(id)).toEqual(all);
    expect(await world.audited(account)).toEqual([
      "ada: The webhook to hooks.example was created.",
      "ada: The webhook to other.example was changed: URL.",
      "ada: The webhook to other.example was changed: kinds.",
    ]);
  });

  it("disables it, which ends what waits, and enables it again", async () => {
    const { id } = await world.create(account);
    const test = await must(world.useCases.sendTestWebhook(admin(), { webhookId: id }));
    const disabled = await must(world.useCases.updateWebhook(admin(), { webhookId: id, enabled: false }));
    expect(disabled.disabled).toEqual({ at: world.ports.clock.now(), reason: "BY_ADMIN" });
    expect(webhookStateOf(disabled)).toBe("DISABLED");
    expect(await world.ports.store.read.webhookDeliveries.byId(test.id)).toMatchObject({ state: "FAILED" });
    await world.ports.clock.advance(1000);
    expect(await must(world.useCases.updateWebhook(admin(), { webhookId: id, enabled: false }))).toEqual(disabled);
    expect(webhookStateOf(await must(world.useCases.updateWebhook(admin(), { webhookId: id, enabled: true })))).toBe("ACTIVE");
  });

  it("refuses what creating refuses, and changes nothing then", async () => {
    const { id } = await world.create(account);
    const before = await world.webhook(id);
    for (const input of [{ url: "http://a.example/" }, { kinds: [] }, { description: "\u202e" }]) {
      const refused = await world.useCases.updateWebhook(admin(), { webhookId: id, enabled: false, ...input });
      expect(refused.ok).toBe(false);
    }
    expect(await world.webhook(id)).toEqual(before);
  });

  it("deletes it, once, and answers a repeat the same", async () => {
    const { id } = await world.create(account);
    await must(world.useCases.sendTestWebhook(admin(), { webhookId: id }));
    const input = { webhookId: id, idempotencyKey: "gone" };
    const deleted = await must(world.useCases.deleteWebhook(admin(), input));
    expect(deleted).toEqual({ id, accountId: account.id });
    expect(await must(world.useCases.deleteWebhook(admin(), input))).toEqual(deleted);
    expect(codesOf(await world.useCases.deleteWebhook(admin(), { webhookId: id }))).toEqual(["WEBHOOK_NOT_FOUND"]);
    expect(await world.work()).toBe(0);
    expect((await world.audited(account)).at(-1)).toBe("ada: The webhook to hooks.example was deleted, with its deliveries.");
  });
});

describe("rotating a secret", () => {
  /** As the receiver would, with the secret that it has. The oracle's own `verify` goes by the machine's clock. */
  const verifies = (secret: string, at = 0) => {
    const { headers, body }: Partial<WebhookRequest> = world.sent[at] ?? {};
    const { "webhook-id": id = "", "webhook-timestamp": seconds = "", "webhook-signature": signatures = "" } = headers ?? {};
    return signatures.split(" ").includes(new Oracle(secret).sign(id, new Date(Number(seconds) * 1000), body ?? ""));
  };

  it("signs with both for 24 hours, then with the new one alone", async () => {
    const { id, secret: former } = await world.create(account);
    const { secret: next = "" } = await must(world.useCases.rotateWebhookSecret(admin(), { webhookId: id }));
    expect(next).not.toBe(former);
    for (const hours of [0, 23, 1]) {
      await world.ports.clock.advance(hours * 3_600_000);
      await must(world.useCases.sendTestWebhook(admin(), { webhookId: id }));
      expect(await world.work()).toBe(1);
    }
    expect(world.sent).toHaveLength(3);
    expect([0, 1, 2].map((at) => [verifies(next, at), verifies(former, at)])).toEqual([
      [true, true],
      [true, true],
      [true, false],
    ]);
    expect(world.sent[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect((await world.audited(account))[1]).toBe(
      "ada: The webhook to hooks.example has a new secret; the former one is valid for 24 hours more.",
    );
  });

  it("ends the former one at once if it leaked", async () => {
    const { id, secret: leaked } = await world.create(account);
    const { secret: next = "" } = await must(world.useCases.rotateWebhookSecret(admin(), { webhookId: id, endFormer: true }));
    await must(world.useCases.sendTestWebhook(admin(), { webhookId: id }));
    await world.work();
    expect([verifies(next), verifies(leaked)]).toEqual([true, false]);
  });
});

it("an installation without a key has none of it, and says so", async () => {
  const { webhooks: _, ...without } = world.ports;
  const useCases = createUseCases(without);
  const { id } = await world.create(account);
  const asked = [
    useCases.createWebhook(admin(), { url: "https://hooks.example/" }),
    useCases.updateWebhook(admin(), { webhookId: id, enabled: false }),
    useCases.rotateWebhookSecret(admin(), { webhookId: id }),
    useCases.sendTestWebhook(admin(), { webhookId: id }),
    useCases.redeliverWebhook(admin(), { deliveryId: "whd_x" }),
  ];
  for (const outcome of await Promise.all(asked)) expect(codesOf(outcome)).toEqual(["WEBHOOKS_UNAVAILABLE"]);
  expect(await must(useCases.deleteWebhook(admin(), { webhookId: id }))).toMatchObject({ id });
});
