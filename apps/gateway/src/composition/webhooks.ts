import { readFile } from "node:fs/promises";
import { createSecretSealer, type WebhookMeans } from "@ekm/ekm";
import type { Environment } from "../environment.js";

/** Absent where no key is named: webhooks then answer WEBHOOKS_UNAVAILABLE. Rejects, without the file's content, when it holds no key. */
export async function composeWebhooks({
  webhooks,
}: Pick<Environment, "webhooks">): Promise<{ readonly webhooks?: WebhookMeans }> {
  const { keyFile, allowInsecure } = webhooks;
  if (keyFile === undefined) return {};
  const key = await readFile(keyFile);
  try {
    return { webhooks: { sealer: createSecretSealer(key), allowInsecure } };
  } catch {
    throw new Error(`EKM_WEBHOOK_KEY_FILE: ${keyFile} must hold exactly 32 bytes`);
  }
}
