import { randomBytes } from "node:crypto";
import type { SecretSealer } from "../ports/webhook-means.js";
import type { SealedSecret, Webhook } from "./webhook.js";

/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
const PREFIX = "whsec_";
/** For so long messages are signed with a former secret too. */
const FORMER_VALID_MS = 24 * 3600 * 1000;
/** More would make the header long: a further rotation ends the oldest. */
const MAX_SECRETS = 3;

/** `text` is what the customer is shown, once. */
export function makeSecret(sealer: SecretSealer, webhookId: string, now: Date): { text: string; secret: SealedSecret } {
  const bytes = randomBytes(SECRET_BYTES);
  const made = {
    text: `${PREFIX}${bytes.toString("base64")}`,
    secret: { sealed: sealer.seal(bytes, webhookId), createdAt: now },
  };
  bytes.fill(0);
  return made;
}

/** With this secret before the former ones, which are valid for another day at most, or not at all. */
export function withSecret(webhook: Webhook, secret: SealedSecret, endFormer: boolean, now: Date): Webhook {
  const end = new Date(now.getTime() + FORMER_VALID_MS);
  const former = endFormer ? [] : validSecrets(webhook, now).map((one) => ({ ...one, expiresAt: one.expiresAt ?? end }));
  return { ...webhook, secrets: [secret, ...former].slice(0, MAX_SECRETS) };
}

export const validSecrets = ({ secrets }: Pick<Webhook, "secrets">, now: Date): readonly SealedSecret[] =>
  secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
