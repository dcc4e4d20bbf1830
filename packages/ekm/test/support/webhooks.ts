import {
  type Account,
  createUseCases,
  type DeliveryPorts,
  deliverWebhook,
  recordingStore,
  type SendResult,
  type UseCases,
  type WebhookDelivery,
  type WebhookRequest,
} from "../../src/index.js";
import { claimDeliveries } from "../../src/webhooks/claim-deliveries.js";
import { createScenario, type Scenario, tenantCaller } from "../../testing/index.js";

export const must = async <T>(outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> => {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value;
};

/** The control plane over a store that tells, and one worker whose sender answers what a test says. */
export function webhookScenario() {
  const scenario: Scenario = createScenario();
  const ports = { ...scenario.ports, store: recordingStore(scenario.ports.store, scenario.ports.clock) };
  const useCases: UseCases = createUseCases(ports);
  const sent: WebhookRequest[] = [];
  const answers: SendResult[] = [];
  /** What the receiver answers when nothing else was set. */
  let usually: SendResult = { kind: "answered", statusCode: 204 };
  const deliveryPorts: DeliveryPorts = {
    ...ports,
    sender: {
      async send(request) {
        sent.push(request);
        return answers.shift() ?? usually;
      },
    },
  };
  const claim = claimDeliveries(ports);
  const deliver = deliverWebhook(deliveryPorts);
  const go = new AbortController().signal;
  return {
    scenario,
    ports,
    useCases,
    sent,
    claim: (underWay: readonly WebhookDelivery[] = []) => claim({ underWay, leaseMs: 30_000 }),
    deliver: (delivery: WebhookDelivery) => deliver(delivery, go),
    /** The next answers, in order. */
    answer: (...next: SendResult[]) => void answers.push(...next),
    answerAlways(result: SendResult) {
      usually = result;
    },
    /** Everything that is due now; returns how many attempts were made. */
    async work(): Promise<number> {
      const claimed = await claim({ underWay: [], leaseMs: 30_000 });
      for (const delivery of claimed) await deliver(delivery, go);
      return claimed.length;
    },
    async create(account: Account, input: Partial<Parameters<UseCases["createWebhook"]>[1]> = {}) {
      const made = await must(useCases.createWebhook(tenantCaller(account), { url: "https://hooks.example/ekm", ...input }));
      return { ...made.webhook, secret: made.secret ?? "" };
    },
    webhook: async (id: string) => {
      const found = await ports.store.read.webhooks.byId(id);
      if (found === null) throw new Error(`no webhook ${id}`);
      return found;
    },
    deliveries: async (webhookId: string) => (await ports.store.read.webhookDeliveries.page(webhookId, { first: 100 }, {})).items,
    /** What the account's audit log says of its webhooks, oldest first. */
    audited: async ({ id }: Pick<Account, "id">) =>
      (await ports.store.read.audit.page(id, { first: 100 }, { action: "WEBHOOK_CHANGED" })).items
        .map(({ actor, detail }) => `${actor.split("@")[0]}: ${detail}`)
        .reverse(),
  };
}

export type WebhookScenario = ReturnType<typeof webhookScenario>;
