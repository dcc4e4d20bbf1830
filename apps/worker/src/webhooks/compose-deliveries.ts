import { readFile } from "node:fs/promises";
import { claimDeliveries, createSecretSealer, deliverWebhook, type Ports, type WebhookMeans } from "@ekm/ekm";
import { type Environment, EnvironmentError } from "../environment.js";
import { resolveByDns, resolveBySystem } from "./checked-addresses.js";
import type { DeliveryLoopContext } from "./delivery-loop.js";
import { createHttpSender } from "./http-sender.js";

type Work = Pick<DeliveryLoopContext, "claim" | "deliver">;
type Settings = Pick<Environment, "EKM_WEBHOOK_KEY_FILE" | "EKM_WEBHOOK_ALLOW_INSECURE" | "EKM_WEBHOOK_TIMEOUT_SECONDS">;

/** What the delivery loop works with; null where no key is named: what waits then waits for a worker that has it. */
export async function composeDeliveries(env: Settings, ports: Pick<Ports, "store" | "clock">): Promise<Work | null> {
  if (env.EKM_WEBHOOK_KEY_FILE === undefined) return null;
  const allowInsecure = env.EKM_WEBHOOK_ALLOW_INSECURE === "true";
  const webhooks: WebhookMeans = { sealer: await readSealer(env.EKM_WEBHOOK_KEY_FILE), allowInsecure };
  const sender = createHttpSender({
    timeoutMs: env.EKM_WEBHOOK_TIMEOUT_SECONDS * 1000,
    allowInsecure,
    resolve: allowInsecure ? resolveBySystem : resolveByDns,
  });
  return { claim: claimDeliveries(ports), deliver: deliverWebhook({ ...ports, webhooks, sender }) };
}

/** EnvironmentError, which says nothing of the file's content, when there is no such key in it. */
async function readSealer(file: string): Promise<WebhookMeans["sealer"]> {
  try {
    return createSecretSealer(await readFile(file));
  } catch {
    throw new EnvironmentError(`EKM_WEBHOOK_KEY_FILE: ${file} is not a readable file of exactly 32 bytes.`);
  }
}
