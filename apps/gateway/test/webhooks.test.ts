// Invariant: what happens to an account reaches its receiver, signed, from real processes of the product: once all is well exactly once, and
// at least once under one id whoever was down or killed on the way.
import { generateKeyPairSync } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Role } from "@ekm/ekm";
import { WebhookVerificationError } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { clientOf } from "./support/client.js";
import { type ProductProcess, startProcess } from "./support/processes.js";
import { startReceiver, verify } from "./support/receiver.js";
import { createSurroundings } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const PATIENCE = { timeout: 40_000, interval: 50 };

let surroundings: Awaited<ReturnType<typeof createSurroundings>>;
let variables: Record<string, string>;
let gateway: ProductProcess;
let worker: ProductProcess;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let offsetMs = 0;

beforeAll(async () => {
  surroundings = await createSurroundings();
  const directory = path.dirname(surroundings.variables.EKM_DATABASE);
  const signingKey = path.join(directory, "signing-key.pem");
  await writeFile(signingKey, generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
  variables = {
    ...surroundings.variables,
    EKM_SIGNING_KEY: signingKey,
    EKM_KEY_LEASE_SECONDS: "1",
    EKM_HEALTH_INTERVAL_SECONDS: "1",
    EKM_WEBHOOK_ALLOW_INSECURE: "true",
    EKM_WEBHOOK_TIMEOUT_SECONDS: "5",
    EKM_CLOCK_OFFSET_FILE: path.join(directory, "clock-offset"),
    EKM_LOG_LEVEL: "trace",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  await letPass(0);
  gateway = await startProcess("gateway", variables);
  worker = await startProcess("worker", variables);
}, 60_000);
afterAll(async () => {
  const codes = await Promise.all([gateway.stop(), worker.stop()]);
  await surroundings.aws.close();
  expect(codes).toEqual([0, 0]);
}, 30_000);
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

/** The product's clock goes on by so much at once. */
async function letPass(ms: number): Promise<void> {
  offsetMs += ms;
  await writeFile(path.join(path.dirname(surroundings.variables.EKM_DATABASE), "clock-offset"), String(offsetMs));
}

const as = async (role: Role, account: string | undefined, query: string, more: object = {}) => {
  const wish = { subject: "ada", roles: [role], ...(account === undefined ? {} : { account }) };
  return clientOf(gateway.url).ask(query, { token: await surroundings.issuer.token(wish), variables: more });
};
const tenants = () => tenantsOf({ ...surroundings, as });

interface Endpoint {
  readonly account: string;
  readonly webhook: string;
  readonly secret: string;
}

async function admin(account: string, query: string, more: object = {}) {
  const { data, errors } = await as("ACCOUNT_ADMIN", account, query, more);
  expect(errors).toEqual([]);
  for (const payload of Object.values(data) as { userErrors?: unknown[] }[]) expect(payload?.userErrors ?? []).toEqual([]);
  return data;
}

async function createWebhook(account: string, kinds?: readonly string[]): Promise<Endpoint> {
  const { createWebhook: made } = await admin(
    account,
    `mutation ($url: String!, $kinds: [WebhookEventKind!]) {
      createWebhook(input: { url: $url, kinds: $kinds }) { webhook { id } secret userErrors { code message } }
    }`,
    { url: receiver.url, kinds },
  );
  return { account, webhook: made.webhook.id, secret: made.secret };
}
const sendTest = async ({ account, webhook }: Endpoint): Promise<string> =>
  (
    await admin(
      account,
      "mutation ($id: ID!) { sendTestWebhook(input: { webhookId: $id }) { delivery { id } userErrors { code } } }",
      {
        id: webhook,
      },
    )
  ).sendTestWebhook.delivery.id;
const deliveriesOf = async ({ account, webhook }: Endpoint) =>
  (
    await admin(
      account,
      `query ($id: ID!) { node(id: $id) { ... on Webhook {
        state deliveries { nodes { id messageId type state nextAttemptAt attempts { statusCode error durationMs } } }
      } } }`,
      { id: webhook },
    )
  ).node.deliveries.nodes as {
    id: string;
    messageId: string;
    type: string;
    state: string;
    attempts: { statusCode: number | null; error: string | null }[];
  }[];
const lock = (account: string) =>
  admin(account, 'mutation { lockAccountKeys(input: { reason: "drill" }) { userErrors { code } } }');

it("the customer disables the key, and the receiver is told", { timeout: 120_000 }, async () => {
  const { account, key } = await tenants().enabled("Acme");
  const endpoint = await createWebhook(account, ["KEY_HEALTH_CHANGED"]);
  await surroundings.owner.kms("DisableKey", { KeyId: key });
  const type = "ekm.key_health.changed";
  await expect.poll(() => receiver.ofType(type).map(({ message }) => message.data.state), PATIENCE).toContain("UNUSABLE");
  const [told] = receiver.ofType(type).filter(({ message }) => message.data.state === "UNUSABLE");
  if (told === undefined) throw new Error("not told");
  expect(verify(endpoint.secret, told)).toMatchObject({
    type,
    data: { accountId: account, keyArn: key, problem: { code: "KEY_DISABLED" } },
  });
  expect(() => verify(endpoint.secret, { ...told, body: told.body.replace("UNUSABLE", "HEALTHY") })).toThrow(
    WebhookVerificationError,
  );
  expect(() => verify("whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCwgMzIgYnl0ZXM=", told)).toThrow(WebhookVerificationError);
  await surroundings.owner.kms("EnableKey", { KeyId: key });
  await expect.poll(() => receiver.ofType(type).at(-1)?.message.data.state, PATIENCE).toBe("HEALTHY");
});

it("a receiver that is down is tried again, and told once it is back", { timeout: 60_000 }, async () => {
  const account = await tenants().created("Down");
  const endpoint = await createWebhook(account);
  receiver.answerWith((response) => response.writeHead(503).end("<html>secret internals</html>"));
  await lock(account);
  const latest = async () => (await deliveriesOf(endpoint))[0];
  await expect.poll(async () => (await latest())?.attempts.length, PATIENCE).toBe(1);
  expect(await latest()).toMatchObject({
    state: "PENDING",
    attempts: [{ statusCode: 503, error: "The receiver answered 503." }],
  });
  receiver.answerWith((response) => response.writeHead(200).end());
  await letPass(6_000);
  await expect.poll(async () => (await latest())?.state, PATIENCE).toBe("DELIVERED");
  expect(new Set(receiver.received.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
  expect(receiver.received).toHaveLength(2);
  for (const message of receiver.received) expect(verify(endpoint.secret, message)).toMatchObject({ type: "ekm.keys.locked" });
});

it("a worker that is killed between sending and writing has it sent again, under the same id", { timeout: 60_000 }, async () => {
  const account = await tenants().created("Killed");
  const endpoint = await createWebhook(account);
  receiver.answerWith(() => {});
  await lock(account);
  await expect.poll(() => receiver.received.length, PATIENCE).toBe(1);
  await worker.kill();
  receiver.answerWith((response) => response.writeHead(204).end());
  worker = await startProcess("worker", variables);
  await letPass(30_000);
  await expect.poll(() => receiver.received.length, PATIENCE).toBe(2);
  await expect.poll(async () => (await deliveriesOf(endpoint))[0]?.state, PATIENCE).toBe("DELIVERED");
  const [before, after] = receiver.received;
  expect(after?.id).toBe(before?.id);
  expect(after?.body).toBe(before?.body);
});

it("a worker that is told to stop gives back what it is sending", { timeout: 60_000 }, async () => {
  const account = await tenants().created("Stopped");
  const endpoint = await createWebhook(account);
  receiver.answerWith(() => {});
  await lock(account);
  await expect.poll(() => receiver.received.length, PATIENCE).toBe(1);
  expect(await worker.stop()).toBe(0);
  expect(await deliveriesOf(endpoint)).toMatchObject([{ state: "PENDING", attempts: [] }]);
  receiver.answerWith((response) => response.writeHead(204).end());
  worker = await startProcess("worker", variables);
  await expect.poll(async () => (await deliveriesOf(endpoint))[0]?.state, PATIENCE).toBe("DELIVERED");
});

it("a rotated secret verifies beside the former one, and the test button shows it", { timeout: 60_000 }, async () => {
  const account = await tenants().created("Rotated");
  const endpoint = await createWebhook(account, ["EKM_ENABLED"]);
  await sendTest(endpoint);
  await expect.poll(() => receiver.received.length, PATIENCE).toBe(1);
  const { rotateWebhookSecret: rotated } = await admin(
    account,
    "mutation ($id: ID!) { rotateWebhookSecret(input: { webhookId: $id }) { secret webhook { formerSecretValidUntil } userErrors { code } } }",
    { id: endpoint.webhook },
  );
  expect(rotated.webhook.formerSecretValidUntil).not.toBeNull();
  const delivery = await sendTest(endpoint);
  await expect.poll(() => receiver.received.length, PATIENCE).toBe(2);
  const [first, second] = receiver.received;
  if (first === undefined || second === undefined) throw new Error("not received");
  expect([first.signatures.length, second.signatures.length]).toEqual([1, 2]);
  for (const secret of [endpoint.secret, rotated.secret]) {
    expect(verify(secret, second)).toMatchObject({ type: "ekm.webhook.test", data: { accountId: account } });
  }
  expect(() => verify(rotated.secret, first)).toThrow(WebhookVerificationError);
  await expect
    .poll(async () => (await deliveriesOf(endpoint)).find(({ id }) => id === delivery)?.attempts[0]?.statusCode, PATIENCE)
    .toBe(204);
});

it("a receiver that does not answer holds up no other", { timeout: 60_000 }, async () => {
  const [slow, quick] = [await tenants().created("Slow"), await tenants().created("Quick")];
  const stuck = await startReceiver();
  stuck.answerWith(() => {});
  const own = receiver;
  receiver = stuck;
  const stuckEndpoint = await createWebhook(slow);
  receiver = own;
  const endpoint = await createWebhook(quick);
  for (let n = 0; n < 12; n += 1) await sendTest(stuckEndpoint);
  await expect.poll(() => stuck.received.length, PATIENCE).toBe(4);
  const began = performance.now();
  await sendTest(endpoint);
  await expect.poll(() => receiver.received.length, PATIENCE).toBe(1);
  expect(performance.now() - began).toBeLessThan(4_000);
  await stuck.close();
});

it("410 disables the webhook, which the audit log tells", { timeout: 60_000 }, async () => {
  const account = await tenants().created("Gone");
  const endpoint = await createWebhook(account);
  receiver.answerWith((response) => response.writeHead(410).end());
  await lock(account);
  const state = async () =>
    (await admin(account, "{ account { webhooks { nodes { enabled state disabledReason } } } }")).account.webhooks.nodes[0];
  await expect.poll(state, PATIENCE).toEqual({ enabled: false, state: "DISABLED", disabledReason: "GONE" });
  const { account: logged } = await admin(
    account,
    "{ account { auditLog(action: WEBHOOK_CHANGED) { nodes { actor subject detail } } } }",
  );
  expect(logged.auditLog.nodes[0]).toMatchObject({ actor: "system", subject: endpoint.webhook });
  expect(logged.auditLog.nodes[0].detail).toContain("410 Gone");
});

it("no secret, signature or answer is in what the product writes", { timeout: 60_000 }, async () => {
  const account = await tenants().created("Secret");
  const endpoint = await createWebhook(account);
  receiver.answerWith((response) => response.writeHead(500).end("what only the receiver knows"));
  await sendTest(endpoint);
  await expect.poll(async () => (await deliveriesOf(endpoint))[0]?.state, PATIENCE).toBe("FAILED");
  const directory = path.dirname(surroundings.variables.EKM_DATABASE);
  const files = (await readdir(directory)).filter((name) => name.startsWith("ekm.sqlite"));
  const written = [
    Buffer.from(gateway.written()),
    Buffer.from(worker.written()),
    ...(await Promise.all(files.map((name) => readFile(path.join(directory, name))))),
  ];
  expect(written.some((bytes) => bytes.includes(endpoint.webhook))).toBe(true);
  const base64 = endpoint.secret.slice("whsec_".length);
  const signature = receiver.received[0]?.signatures[0]?.slice("v1,".length) ?? "none";
  for (const hidden of [base64, signature, "what only the receiver knows"]) {
    for (const bytes of written) expect(bytes.includes(hidden)).toBe(false);
  }
  const raw = Buffer.from(base64, "base64");
  for (const bytes of written) expect(bytes.includes(raw)).toBe(false);
});
